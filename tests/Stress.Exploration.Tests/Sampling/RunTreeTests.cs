using System.Collections.Generic;
using Stress.Exploration.Tests.Outcomes;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests.Sampling;

public sealed class RunTreeTests
{
    [Theory]
    [InlineData("random")]
    [InlineData("pct")]
    [InlineData("portfolio")]
    public void Explore_RunsKept_TellsTheSameAsRunningEverySchedule(string strategy)
    {
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
        {
            ExploreResult kept = Sample<Adding<AddsAtomically>>(strategy, seed, reruns: false);
            ExploreResult rerun = Sample<Adding<AddsAtomically>>(strategy, seed, reruns: true);

            Assert.Equal(rerun.Coverage, kept.Coverage);
            Assert.Equal(rerun.Points, kept.Points);
            Assert.Equal(rerun.Outcomes, kept.Outcomes);
            Assert.Equal(rerun.Schedules, rerun.Executions);
            Assert.Equal(kept.Distinct, kept.Executions);
            Assert.InRange(kept.Executions, 2, kept.Schedules / 10);
        }
    }

    [Fact]
    public void Explore_RunsKeptUnderWeakMemory_TellsTheSameAsRunningEverySchedule()
    {
        ExploreResult kept = Sample<Adding<AddsAtomically>>("random", 1, reruns: false, MemoryModel.Weak);
        ExploreResult rerun = Sample<Adding<AddsAtomically>>("random", 1, reruns: true, MemoryModel.Weak);

        Assert.Equal(rerun.Coverage, kept.Coverage);
        Assert.Equal(rerun.Outcomes, kept.Outcomes);
        Assert.InRange(kept.Executions, 2, kept.Schedules / 10);
    }

    [Fact]
    public void Explore_AllocationsFail_FindsTheSameSchedule()
    {
        ExploreResult kept = Sample<Specimen<LeaksOnFailure>>("random", 1, reruns: false);
        ExploreResult rerun = Sample<Specimen<LeaksOnFailure>>("random", 1, reruns: true);

        Assert.NotNull(kept.Finding);
        Assert.Equal(rerun.Finding!.ScheduleIndex, kept.Finding.ScheduleIndex);
        Assert.Equal(rerun.Finding.Trace.Hash, kept.Finding.Trace.Hash);
    }

    /// <summary>Where next to no schedule comes again, nothing is kept for long.</summary>
    [Fact]
    public void Explore_LongProgram_RunsEverySchedule()
    {
        ExploreResult kept = Explore.Run<Long>(schedules: 40_000, strategy: "random");

        Assert.Equal((40_000, 40_000), (kept.Executions, kept.Distinct));
    }

    /// <summary>A model that counts its runs: equal decisions make different runs.</summary>
    [Fact]
    public void Explore_ModelDependsOnMoreThanDecisions_IsAModelError()
    {
        Forgetful.Runs = 0;

        ExploreResult result = Explore.Run<Forgetful>(strategy: "random");

        Assert.Equal(FindingKind.ModelError, result.Finding?.Kind);
        Assert.Contains("the model depends on what is no decision", result.Finding!.Text, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Find_RunThatWasAdded_IsKnownByItsDecisionsOnly()
    {
        var tree = new RunTree();

        Assert.Null(Run(tree, [1, 0, 1]));
        Assert.Null(Run(tree, [1, 1, 0]));
        Assert.Equal(new KnownRun(101, 0, 0), Run(tree, [1, 0, 1]));
        Assert.Equal(new KnownRun(110, 0, 0), Run(tree, [1, 1, 0]));
        Assert.Null(Run(tree, [0, 0, 0]));
    }

    [Fact]
    public void Find_TreeIsFull_KeepsWhatItHasAndRunsTheRest()
    {
        var tree = new RunTree(maxNodes: 5);

        Assert.Null(Run(tree, [1, 0, 1]));
        Assert.Null(Run(tree, [0, 1, 1]));
        Assert.Null(Run(tree, [0, 1, 1]));
        Assert.NotNull(Run(tree, [1, 0, 1]));
    }

    // What a worker does, with a "run" of three decisions.
    private static KnownRun? Run(RunTree tree, int[] answers)
    {
        var strategy = new Scripted(answers);
        if (tree.Find(strategy) is { } known)
        {
            return known;
        }

        int first = tree.NextTask(0b11, 0);
        int second = tree.NextChoice(2);
        int third = tree.NextEvent(4) ? 1 : 0;
        Assert.Equal(string.Join(" ", answers), $"{first} {second} {third}");
        tree.Add(new KnownRun((100 * first) + (10 * second) + third, 0, 0));
        return null;
    }

    private static ExploreResult Sample<TScenario>(
        string strategy, ulong seed, bool reruns, MemoryModel memory = MemoryModel.Sc)
        where TScenario : struct, IScenario<TScenario>
    {
        (Scenario scenario, Variant variant) = Explore.Named<TScenario>();
        return Explorer.Explore<TScenario>(scenario, variant, new ExploreOptions
        {
            Schedules = 5_000,
            Seed = seed,
            Strategy = strategy,
            Memory = memory,
            Reruns = reruns,
        });
    }

    private sealed class Scripted(IReadOnlyList<int> answers) : IStrategy
    {
        private int _next;

        public string Name => "scripted";

        public int NextTask(uint enabled, int current) => answers[_next++];

        public int NextChoice(int count) => answers[_next++];

        public bool NextEvent(int oneIn) => answers[_next++] != 0;
    }
}

/// <summary>Each run makes one access more than the one before.</summary>
public readonly partial struct Forgetful(nint root) : IScenario<Forgetful>
{
    public static int Runs { get; set; }

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("a", "b"),
        RootBytes = 64,
    };

    private AtomicU32 Count => new(root);

    public static Forgetful At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.WriteOnce(Count, 0u);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        int accesses = task == 0 ? ++Runs % 3 : 1;
        for (int i = 0; i < accesses; i++)
        {
            cpu.FetchAdd(Count, 1u);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => cpu.FetchAdd(Count, 1u);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}
