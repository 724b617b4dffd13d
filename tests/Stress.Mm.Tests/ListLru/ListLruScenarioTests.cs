using System.Collections.Generic;
using Stress.Machine;
using Stress.Scenarios.ListLru;

namespace Stress.Mm.Tests.ListLru;

public sealed class ListLruScenarioTests : ScenarioContract<ListLruScenarioTests>, IScenarioList
{
    public static IReadOnlyList<Scenario> All => ListLruScenarios.All;
}
