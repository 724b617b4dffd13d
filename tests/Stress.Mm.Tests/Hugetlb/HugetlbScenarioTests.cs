using System.Collections.Generic;
using Stress.Machine;
using Stress.Scenarios.Hugetlb;

namespace Stress.Mm.Tests.Hugetlb;

public sealed class HugetlbScenarioTests : ScenarioContract<HugetlbScenarioTests>, IScenarioList
{
    public static IReadOnlyList<Scenario> All => HugetlbScenarios.All;
}
