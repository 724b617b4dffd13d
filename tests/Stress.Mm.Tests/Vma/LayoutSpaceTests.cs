using System.Collections.Generic;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Mm.Vma;
using Stress.Scenarios.Vma;
using Xunit;

namespace Stress.Mm.Tests.Vma;

/// <summary>Every layout carries a whole address space, not only its lock: faults against munmap, a split by mprotect
/// and a fork come out clean.</summary>
public sealed class LayoutSpaceTests
{
    private const long Schedules = 1_500;

    public static TheoryData<string> Names => [.. VmaLayouts.All.Select(layout => layout.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Explore_FaultVsMunmap_IsCleanWithEveryLayout(string name) => AssertClean(name, new VsMunmap());

    [Theory]
    [MemberData(nameof(Names))]
    public void Explore_FaultVsMprotect_IsCleanWithEveryLayout(string name) => AssertClean(name, new VsMprotect());

    [Theory]
    [MemberData(nameof(Names))]
    public void Explore_ForkVsWrites_IsCleanWithEveryLayout(string name) => AssertClean(name, new VsFork());

    private static void AssertClean(string name, IVmaLayoutVisitor<ExploreResult> explore)
    {
        ExploreResult result = VmaLayouts.All.Single(layout => layout.Name == name).Accept(explore);

        Assert.Null(result.Finding);
        Assert.Equal(Schedules, result.Schedules);
    }

    private static ExploreResult Explore<TScenario>()
        where TScenario : struct, IScenario<TScenario>
    {
        var variant = new Variant<TScenario>
        {
            Name = "layout",
            Summary = "A layout.",
            Source = "test",
            Expected = Expectation.Clean,
        };
        var scenario = new Scenario("vma/layout", "A layout.", 1, (IReadOnlyList<Variant>)[variant]);
        return Explorer.Explore<TScenario>(
            scenario, variant, new ExploreOptions { Schedules = Schedules, Seed = 1, Workers = 1 });
    }

    private sealed class VsMunmap : IVmaLayoutVisitor<ExploreResult>
    {
        public ExploreResult Visit<TLayout>()
            where TLayout : struct, IVmaLayout<TLayout>
            => Explore<FaultVsMunmap<TLayout, V612>>();
    }

    private sealed class VsMprotect : IVmaLayoutVisitor<ExploreResult>
    {
        public ExploreResult Visit<TLayout>()
            where TLayout : struct, IVmaLayout<TLayout>
            => Explore<FaultVsMprotect<TLayout, V612>>();
    }

    private sealed class VsFork : IVmaLayoutVisitor<ExploreResult>
    {
        public ExploreResult Visit<TLayout>()
            where TLayout : struct, IVmaLayout<TLayout>
            => Explore<ForkVsWrites<TLayout, V612>>();
    }
}
