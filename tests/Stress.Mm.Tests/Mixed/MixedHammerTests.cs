namespace Stress.Mm.Tests.Mixed;

public sealed class MixedHammerTests : HammerContract<MixedScenarioTests>;
