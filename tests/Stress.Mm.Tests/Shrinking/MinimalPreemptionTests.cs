using Stress.Exploration;
using Xunit;

namespace Stress.Mm.Tests.Shrinking;

/// <summary>Known bugs are told with as few preemptions as they need.</summary>
public sealed class MinimalPreemptionTests
{
    [Theory]
    [InlineData("hugetlb/region-add", "v7", 2)]
    [InlineData("hugetlb/pledge-covered", "v7", 2)]
    [InlineData("hugetlb/region-abort", "v7", 2)]
    [InlineData("hugetlb/chg-publish", "v12", 2)]
    [InlineData("hugetlb/stale-list-head", "upstream", 1)]
    [InlineData("hugetlb/subpool-fallback", "put-all", 1)]
    [InlineData("hugetlb/chg-enomem", "v7", 0)]
    [InlineData("hugetlb/css-refs", "one-reference", 0)]
    [InlineData("zone/isolate-head", "seed", 0)]
    [InlineData("zone/isolate-last-tail", "seed", 0)]
    [InlineData("zone/multi-block-free", "frees-whole", 0)]
    [InlineData("zone/two-step-window", "before", 1)]
    [InlineData("list-lru/drain-order", "list-lock", 1)]
    [InlineData("list-lru/offline-vs-alloc", "seed", 1)]
    [InlineData("locks/rwsem-grant", "grants-before-count", 1)]
    [InlineData("vma/uffd-move-vs-munmap", "keeps-first-lock", 1)]
    [InlineData("vma/missing-recheck", "no-recheck", 2)]
    public void Shrink_KnownBug_NeedsSoManyPreemptions(string scenario, string variant, int preemptions)
    {
        // A race shows in runs that end well too, and needs no preemption.
        var options = new ExploreOptions { Schedules = 1_000_000, DataRaces = false };

        Assert.Equal(preemptions, Shrunk.Of(scenario, variant, options).Smaller.Shrunk!.After.Preemptions);
    }

    // Four where the writer that waits does so in one step. Here it announces its sleep first, and may not be asleep
    // when its last reader has gone but not woken it yet: it has to be preempted once more.
    [Fact]
    public void Shrink_WakeupThroughAForeignSpace_NeedsFivePreemptionsOfThreeTasks()
    {
        (_, Finding smaller, _) = Shrunk.Of(
            "vma/refcnt-foreign-mm", "not-pinned", new ExploreOptions { Strategy = "pct", PctDepth = 8 });

        Assert.Equal((3, 5), (smaller.Shrunk!.After.Tasks, smaller.Shrunk.After.Preemptions));
    }

    [Fact]
    public void Shrink_ElevenTasksMixed_OneIsLeft()
    {
        (Finding found, Finding smaller, _) = Shrunk.Of("mm/mixed", "zone-seed");

        Assert.Equal(11, found.Trace.Tasks.Count);
        Assert.Equal(1, smaller.Shrunk!.After.Tasks);
        Assert.True(smaller.Shrunk.IsSequential);
    }
}
