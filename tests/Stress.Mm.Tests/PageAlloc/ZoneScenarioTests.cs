using System.Collections.Generic;
using Stress.Machine;
using Stress.Scenarios.Zone;

namespace Stress.Mm.Tests.PageAlloc;

public sealed class ZoneScenarioTests : ScenarioContract<ZoneScenarioTests>, IScenarioList
{
    public static IReadOnlyList<Scenario> All => ZoneScenarios.All;
}
