namespace Stress.Mm.Tests.PageAlloc;

public sealed class ZoneHammerTests : HammerContract<ZoneScenarioTests>;
