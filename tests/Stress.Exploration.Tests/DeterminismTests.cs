using System;
using System.Linq;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests;

[Collection(Alone.Name)]
public sealed class DeterminismTests
{
    [Theory]
    [InlineData("random")]
    [InlineData("pct")]
    [InlineData("portfolio")]
    public void Explore_SameSeed_FindsTheSameRunOnOneWorkerAndOnThree(string strategy)
    {
        Finding one = Explore.Run<Specimen<UsesAfterFree>>(strategy: strategy).Finding!;
        Finding three = Explore.Run<Specimen<UsesAfterFree>>(strategy: strategy, workers: 3).Finding!;

        Assert.Equal(one.ScheduleIndex, three.ScheduleIndex);
        Assert.Equal(one.Trace.Decisions, three.Trace.Decisions);
        Assert.Equal(one.Trace.Hash, three.Trace.Hash);
        Assert.Equal(one.Story, three.Story);
    }

    /// <summary>A hash that was written down: the same on every host and in every build, or old traces break.</summary>
    [Fact]
    public void Explore_KnownSeed_HasTheHashThatWasWrittenDown()
    {
        Finding found = Explore.Run<Specimen<LocksInOppositeOrder>>(seed: 42, strategy: "random").Finding!;

        Assert.Equal("1 3a718376e01f1e41 1,1,0,0", $"{found.ScheduleIndex} {found.Trace.Hash} {string.Join(',', found.Trace.Decisions)}");
    }

    [Fact]
    public void Explore_NeighbouringSeeds_ShareNoStreamOfDecisions()
    {
        using var machine = new ExploredMachine(new ExploredProgram<Long>(), new MachineSettings());
        ulong[] hashes = [.. from seed in Enumerable.Range(0, 20)
                             from schedule in Enumerable.Range(0, 50)
                             select HashOf(machine, (ulong)seed, schedule)];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

#if !DEBUG
    // In Debug the compiler makes a class of every state machine, and so an object of every call.
    [Fact]
    public void Explore_SteadyState_AllocatesNothing()
    {
        using var machine = new ExploredMachine(new ExploredProgram<Long>(), new MachineSettings());
        var plan = new StrategyPlan(new ExploreOptions(), Long.Plan.Tasks.Count, expectedDecisions: 100);

        // Code that the JIT has not optimised yet boxes awaiters: it is given time to get there.
        long bytes = long.MaxValue;
        for (int round = 0; round < 100 && bytes > 0; round++)
        {
            System.Threading.Thread.Sleep(20);
            long before = GC.GetAllocatedBytesForCurrentThread();
            RunMany(machine, plan, 500);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, bytes);
    }
#endif

#if !DEBUG
    private static void RunMany(ExploredMachine machine, StrategyPlan plan, int runs)
    {
        for (int i = 0; i < runs; i++)
        {
            machine.Run(plan.For(i));
            Assert.Null(machine.Finding);
        }
    }
#endif

    private static ulong HashOf(ExploredMachine machine, ulong seed, int schedule)
    {
        var options = new ExploreOptions { Seed = seed, Strategy = "random" };
        machine.Run(new StrategyPlan(options, Long.Plan.Tasks.Count, expectedDecisions: 100).For(schedule));
        return machine.DecisionHash;
    }
}

/// <summary>Long enough that two random runs are practically never equal: 3 tasks, 40 accesses each, nested calls.
/// </summary>
public readonly partial struct Long(nint root) : IScenario<Long>
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("a", "b", "c"),
        RootBytes = 64,
    };

    private AtomicU32 Count => new(root);

    public static Long At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.WriteOnce(Count, 0u);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        for (int i = 0; i < 20; i++)
        {
            Twice(cpu);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => Twice(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Count) == 120, "every add counts");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Twice<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.FetchAdd(Count, 1u);
        cpu.FetchAdd(Count, 1u);
    }
}
