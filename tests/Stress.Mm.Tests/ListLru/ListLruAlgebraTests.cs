using System;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Mm.ListLru;
using Xunit;

namespace Stress.Mm.Tests.ListLru;

/// <summary>Random sequences of calls by one task give what lists of items for each owner give.</summary>
public sealed class ListLruAlgebraTests
{
    private const long Sequences = 300;

    [Fact]
    public void ListLru_Eager_AgreesWithLists() => AssertClean<Eager>(failures: 0);

    [Fact]
    public void ListLru_Seed_AgreesWithLists() => AssertClean<Seed>(failures: 0);

    [Fact]
    public void ListLru_SeedRepaired_AgreesWithLists() => AssertClean<SeedRepaired>(failures: 0);

    [Fact]
    public void ListLru_Upstream_AgreesWithLists() => AssertClean<Upstream>(failures: 0);

    [Fact]
    public void ListLru_ListLock_AgreesWithLists() => AssertClean<ListLock>(failures: 0);

    [Fact]
    public void ListLru_ListLockRepaired_AgreesWithLists() => AssertClean<ListLockRepaired>(failures: 0);

    [Fact]
    public void ListLru_EagerWithFailingAllocations_AgreesWithLists() => AssertClean<Eager>(failures: 8);

    [Fact]
    public void ListLru_SeedWithFailingAllocations_AgreesWithLists() => AssertClean<Seed>(failures: 8);

    [Fact]
    public void ListLru_UpstreamWithFailingAllocations_AgreesWithLists() => AssertClean<Upstream>(failures: 8);

    [Fact]
    public void ListLru_ListLockRepairedWithFailingAllocations_AgreesWithLists()
        => AssertClean<ListLockRepaired>(failures: 8);

    [Fact]
    public void ListLru_ComparedWithAWrongReference_Differs()
    {
        Finding? finding = Explore<Upstream, MovedLast>(failures: 0);
        Assert.NotNull(finding);
        Assert.Equal((FindingKind.Invariant, "items and their order"), (finding.Kind, finding.Text));
    }

    [Fact]
    public void ListLru_OnTheNativeMachine_AgreesWithLists()
    {
        HammerResult result = Hammer.Run<ListLruAlgebra<Upstream, MovedFirst>>(new HammerOptions
        {
            Threads = 1,
            Duration = TimeSpan.FromMilliseconds(100),
            CheckpointEvery = TimeSpan.FromMilliseconds(20),
            FailAlloc = 0.1,
        });
        Assert.True(result.Finding is null, $"{result.Finding}");
        Assert.True(result.Operations > 0);
    }

    private static void AssertClean<TRule>(int failures)
        where TRule : struct, IListLruRule
    {
        Finding? finding = Explore<TRule, MovedFirst>(failures);
        Assert.True(finding is null, $"{finding?.Text}\n{finding?.Story}");
    }

    private static Finding? Explore<TRule, TReference>(int failures)
        where TRule : struct, IListLruRule
        where TReference : struct, IReference
    {
        Variant variant = new Variant<ListLruAlgebra<TRule, TReference>>
        {
            Name = typeof(TRule).Name,
            Summary = "One task.",
            Source = "test",
            Expected = Expectation.Clean,
        };
        Scenario scenario = new("test/list-lru-algebra", "Random calls by one task.", 1, [variant]);
        return Explorer.Explore<ListLruAlgebra<TRule, TReference>>(
            scenario,
            variant,
            new ExploreOptions { Schedules = Sequences, Strategy = "random", AllocationFailures = failures }).Finding;
    }
}
