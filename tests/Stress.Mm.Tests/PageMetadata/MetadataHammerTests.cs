namespace Stress.Mm.Tests.PageMetadata;

public sealed class MetadataHammerTests : HammerContract<MetadataScenarioTests>;
