using Stress.Exploration;
using Stress.Machine;
using Xunit;

namespace Stress.Mm.Tests.Shrinking;

public sealed class ShrunkCatalogTests
{
    public static TheoryData<string, string> Violating => Shrunk.Violating;

    [Theory]
    [MemberData(nameof(Violating))]
    public void Shrink_EveryWrongVariant_FailsInTheSameWayWithLess(string scenario, string variant)
    {
        (Finding found, Finding smaller, ReplayResult replayed) = Shrunk.Of(scenario, variant, Quickest(variant));

        Assert.Equal(
            FindingSignature.Of(found.Kind, found.Text, found.Operation),
            FindingSignature.Of(smaller.Kind, smaller.Text, smaller.Operation));
        Assert.Equal((10, null), (replayed.Matched, replayed.Divergence));
        Assert.Equal(10, smaller.Reproduced);
        ShrinkFigures shrunk = smaller.Shrunk!;
        Assert.False(shrunk.Before.IsSmallerThan(shrunk.After), $"{shrunk.Before}\n{shrunk.After}");
        Assert.InRange(shrunk.After.Tasks, 1, shrunk.Before.Tasks);
        Assert.InRange(shrunk.After.Preemptions, 0, shrunk.Before.Preemptions);

        // Where three tasks must meet, the order of two events alone may decide nothing.
        bool isOfOrders = smaller.Kind is FindingKind.DataRace or FindingKind.LockOrder;
        bool hasPair = !shrunk.IsSequential && !isOfOrders && variant != "one-reader";
        Assert.Equal(hasPair, smaller.DecidingPair is not null);
    }

    // Deep enough for the one that random schedules reach late.
    private static ExploreOptions? Quickest(string variant)
        => variant == "not-pinned" ? new ExploreOptions { Strategy = "pct", PctDepth = 8 } : null;
}
