using System.Collections.Generic;
using Stress.Machine;
using Stress.Scenarios.Metadata;

namespace Stress.Mm.Tests.PageMetadata;

public sealed class MetadataScenarioTests : ScenarioContract<MetadataScenarioTests>, IScenarioList
{
    public static IReadOnlyList<Scenario> All => MetadataScenarios.All;
}
