using System;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Mm.PageMetadata;
using Xunit;

namespace Stress.Mm.Tests.PageMetadata;

/// <summary>Random sequences of calls by one task count what a simple reference counts.</summary>
public sealed class MetadataAlgebraTests
{
    private const long Sequences = 400;

    [Fact]
    public void MemoryMap_Upstream_AgreesWithTheReference() => AssertClean<Upstream, NoEarly>(failures: 0);

    [Fact]
    public void MemoryMap_UpstreamWithFailingAllocations_AgreesWithTheReference()
        => AssertClean<Upstream, NoEarly>(failures: 8);

    [Fact]
    public void MemoryMap_V612WithoutEarlySections_AgreesWithTheReference()
        => AssertClean<V612, NoEarly>(failures: 8);

    [Fact]
    public void MemoryMap_UpstreamFixedWithEarlySection_AgreesWithTheReference()
        => AssertClean<UpstreamFixed, OneEarly>(failures: 8);

    [Fact]
    public void MemoryMap_ByNodeWithEarlySection_AgreesWithTheReference()
        => AssertClean<ByNode, OneEarly>(failures: 8);

    [Fact]
    public void MemoryMap_MutantThatKeepsPagesCounted_DiffersFromTheReference()
        => AssertDiffers<EachRestoredCounted, NoEarly>(failures: 8);

    [Fact]
    public void MemoryMap_MutantThatCountsAMissingHead_DiffersFromTheReference()
        => AssertDiffers<MissingHeadCounted, NoEarly>(failures: 8);

    [Fact]
    public void MemoryMap_V612WithEarlySection_DiffersFromTheReference()
        => AssertDiffers<V612, OneEarly>(failures: 0);

    [Fact]
    public void MemoryMap_OnTheNativeMachine_AgreesWithTheReference()
    {
        HammerResult result = Hammer.Run<MetadataAlgebra<UpstreamFixed, OneEarly>>(new HammerOptions
        {
            Threads = 1,
            Duration = TimeSpan.FromMilliseconds(100),
            CheckpointEvery = TimeSpan.FromMilliseconds(20),
            FailAlloc = 0.05,
        });
        Assert.True(result.Finding is null, $"{result.Finding}");
        Assert.True(result.Operations > 0);
    }

    private static void AssertClean<TRule, TEarly>(int failures)
        where TRule : struct, IMetadataRule
        where TEarly : struct, IEarly
    {
        Finding? finding = Explore<TRule, TEarly>(failures);
        Assert.True(finding is null, $"{finding?.Text}\n{finding?.Story}");
    }

    private static void AssertDiffers<TRule, TEarly>(int failures)
        where TRule : struct, IMetadataRule
        where TEarly : struct, IEarly
    {
        Finding? finding = Explore<TRule, TEarly>(failures);
        Assert.NotNull(finding);
        Assert.Equal(
            (FindingKind.Invariant, MetadataAlgebra<TRule, TEarly>.Differs), (finding.Kind, finding.Text));
    }

    private static Finding? Explore<TRule, TEarly>(int failures)
        where TRule : struct, IMetadataRule
        where TEarly : struct, IEarly
    {
        Variant variant = new Variant<MetadataAlgebra<TRule, TEarly>>
        {
            Name = typeof(TRule).Name,
            Summary = "One task.",
            Source = "test",
            Expected = Expectation.Clean,
        };
        Scenario scenario = new("test/metadata-algebra", "Random calls by one task.", 1, [variant]);
        return Explorer.Explore<MetadataAlgebra<TRule, TEarly>>(
            scenario,
            variant,
            new ExploreOptions { Schedules = Sequences, Strategy = "random", AllocationFailures = failures }).Finding;
    }
}
