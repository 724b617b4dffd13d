using System.Collections.Generic;
using Stress.Machine;
using Stress.Scenarios.Mixed;

namespace Stress.Mm.Tests.Mixed;

public sealed class MixedScenarioTests : ScenarioContract<MixedScenarioTests>, IScenarioList
{
    public static IReadOnlyList<Scenario> All => MixedScenarios.All;
}
