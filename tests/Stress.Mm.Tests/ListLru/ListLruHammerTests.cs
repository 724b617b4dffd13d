namespace Stress.Mm.Tests.ListLru;

public sealed class ListLruHammerTests : HammerContract<ListLruScenarioTests>;
