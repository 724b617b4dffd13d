using System;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Mm.Hugetlb;
using Xunit;

namespace Stress.Mm.Tests.Hugetlb;

/// <summary>Random sequences of calls by one task give what a set of pages gives.</summary>
public sealed class RegionAlgebraTests
{
    private const long Sequences = 400;

    [Fact]
    public void ResvMap_V6_AgreesWithASetOfPages() => AssertClean<V6>(failures: 0);

    [Fact]
    public void ResvMap_V7_AgreesWithASetOfPages() => AssertClean<V7>(failures: 0);

    [Fact]
    public void ResvMap_V12_AgreesWithASetOfPages() => AssertClean<V12>(failures: 0);

    [Fact]
    public void ResvMap_Upstream_AgreesWithASetOfPages() => AssertClean<Upstream>(failures: 0);

    [Fact]
    public void ResvMap_V6WithFailingAllocations_AgreesWithASetOfPages() => AssertClean<V6>(failures: 8);

    [Fact]
    public void ResvMap_UpstreamWithFailingAllocations_AgreesWithASetOfPages() => AssertClean<Upstream>(failures: 8);

    [Fact]
    public void ResvMap_UpstreamFixedWithFailingAllocations_AgreesWithASetOfPages()
        => AssertClean<UpstreamFixed>(failures: 8);

    [Fact]
    public void ResvMap_V7WithAFailingAllocation_KeepsThePledge()
    {
        Finding? finding = Explore<V7>(failures: 1);
        Assert.NotNull(finding);
        Assert.Equal((FindingKind.Invariant, "pledges are covered"), (finding.Kind, finding.Text));
    }

    [Fact]
    public void ResvMap_OnTheNativeMachine_AgreesWithASetOfPages()
    {
        HammerResult result = Hammer.Run<RegionAlgebra<Upstream>>(new HammerOptions
        {
            Threads = 1,
            Duration = TimeSpan.FromMilliseconds(100),
            CheckpointEvery = TimeSpan.FromMilliseconds(20),
            FailAlloc = 0.1,
        });
        Assert.Null(result.Finding);
        Assert.True(result.Operations > 0);
    }

    private static void AssertClean<TRule>(int failures)
        where TRule : struct, IHugetlbRule
    {
        Finding? finding = Explore<TRule>(failures);
        Assert.True(finding is null, $"{finding?.Text}\n{finding?.Story}");
    }

    private static Finding? Explore<TRule>(int failures)
        where TRule : struct, IHugetlbRule
    {
        Variant variant = new Variant<RegionAlgebra<TRule>>
        {
            Name = typeof(TRule).Name,
            Summary = "One task.",
            Source = "test",
            Expected = Expectation.Clean,
        };
        Scenario scenario = new("test/region-algebra", "Random calls by one task.", 1, [variant]);
        return Explorer.Explore<RegionAlgebra<TRule>>(
            scenario,
            variant,
            new ExploreOptions { Schedules = Sequences, Strategy = "random", AllocationFailures = failures }).Finding;
    }
}
