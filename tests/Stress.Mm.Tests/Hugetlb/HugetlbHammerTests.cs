namespace Stress.Mm.Tests.Hugetlb;

public sealed class HugetlbHammerTests : HammerContract<HugetlbScenarioTests>;
