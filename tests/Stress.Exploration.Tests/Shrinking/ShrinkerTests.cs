using System;
using System.Linq;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests.Shrinking;

public sealed class ShrinkerTests
{
    private const int All = MachineSettings.NoLimit;

    [Fact]
    public void Shrink_LostUpdate_LeavesTwoTasksWithOneOperationAndOnePreemption()
    {
        Finding found = Find<Crowd<LosesAmongMany>>();

        Assert.Equal([1, 1, 0], found.Trace.OperationLimits!);
        Assert.Equal((2, 2, 1, 2), Sizes(found));
        Assert.Equal(3, found.Shrunk!.Before.Tasks);
        Assert.Equal(found.ReproducedOf, found.Reproduced);
    }

    [Fact]
    public void Shrink_LostUpdate_TheReadAndTheWriteDecide()
    {
        Finding found = Find<Crowd<LosesAmongMany>>();

        DecidingPair pair = found.DecidingPair!;
        Assert.Equal(("Count is 0", "Count = 1 (was 0)"), (pair.FirstText, pair.SecondText));
        Assert.NotEqual(pair.FirstTask, pair.SecondTask);
        Assert.Equal(pair, found.Trace.DecidingPair);
        Assert.Equal(2, found.Story.Split('\n').Count(line => line.StartsWith(">>", StringComparison.Ordinal)));
    }

    [Fact]
    public void Shrink_EveryTaskIsCounted_CutsNone()
    {
        Finding found = Find<Crowd<LosesOfAll>>();

        // Without one of them the count is short too, but nothing was lost.
        Assert.Equal(3, found.Shrunk!.After.Tasks);
        Assert.Equal(1, found.Shrunk.After.Preemptions);
        Assert.Equal([1, 1, 1], found.Trace.OperationLimits!);
    }

    [Fact]
    public void Shrink_OperationEndsWithALock_IsNotCutThere()
    {
        Finding found = Find<Crowd<HoldsBetweenOperations>>();

        Assert.Equal(FindingKind.Invariant, found.Kind);
        Assert.Equal([2, 2, 2], found.Trace.OperationLimits!);
    }

    [Fact]
    public void Run_LimitWhereALockIsHeld_EndsTheTaskBehindIt()
    {
        using var machine = new ExploredMachine(
            new ExploredProgram<Crowd<HoldsBetweenOperations>>(), new MachineSettings { OperationLimits = [1, 1, 1] });
        machine.Run(new GuidedStrategy(machine, new Schedule([], [[], [], []], [All, All, All])), new Recorder(machine, false));

        Assert.Null(machine.Finding);
        Assert.Equal(2, machine.OperationsEndedBy(0));
    }

    [Fact]
    public void Shrink_LeakByARace_KeepsWhoWouldHaveGivenItBack()
    {
        Finding found = Find<Crowd<HandsOver>>();

        Assert.Equal(FindingKind.Leak, found.Kind);
        Assert.Equal([1, 1, 0], found.Trace.OperationLimits!);
        Assert.NotNull(found.DecidingPair);
    }

    [Fact]
    public void Shrink_FailsWhoeverRuns_NeedsNoConcurrency()
    {
        Finding found = Find<Crowd<FailsAlone>>();

        Assert.Equal([All, 0, 0], found.Trace.OperationLimits!);
        Assert.Equal((1, 1, 0, 0), Sizes(found));
        Assert.True(found.Shrunk!.IsSequential);
        Assert.Null(found.DecidingPair);
    }

    [Fact]
    public void Shrink_WrongCountInAnyOrder_NeedsNoConcurrencyAndKeepsWhoIsCounted()
    {
        Finding found = Find<Crowd<CountsWrong>>();

        Assert.True(found.Shrunk!.IsSequential);
        Assert.Null(found.DecidingPair);
        Assert.Equal(0, found.Shrunk.After.Preemptions);
        Assert.NotEqual(0, found.Trace.OperationLimits?[1] ?? All);
    }

    [Fact]
    public void Shrink_Choices_ComeDownToWhatItTakes()
    {
        Finding found = Find<Crowd<DrawsOften>>();

        // One task that adds in two steps is enough, and two is what that takes.
        Assert.Equal(2, found.Shrunk!.After.Draws);
    }

    [Fact]
    public void Shrink_MissedWakeup_KeepsTheWaker()
    {
        Finding found = Find<Specimen<ParksTooLate>>();

        Assert.Equal(FindingKind.MissedWakeup, found.Kind);
        Assert.Equal((2, 1), (found.Shrunk!.After.Tasks, found.Shrunk.After.Preemptions));
        Assert.NotNull(found.DecidingPair);
    }

    [Fact]
    public void Shrink_LocksInOppositeOrder_TheLocksDecide()
    {
        Finding found = Find<Specimen<LocksInOppositeOrder>>();

        Assert.Equal(FindingKind.Deadlock, found.Kind);
        Assert.Equal((2, 1), (found.Shrunk!.After.Tasks, found.Shrunk.After.Preemptions));
        Assert.Contains("lock_", found.DecidingPair!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Shrink_EndsWithTheLock_KeepsTheDeadlockAsItIs()
    {
        Finding plain = Find<Specimen<EndsWithTheLock>>(shrinks: false);
        Finding found = Find<Specimen<EndsWithTheLock>>();

        Assert.Equal((plain.Kind, plain.Text), (found.Kind, found.Text));
    }

    [Fact]
    public void Shrink_Twice_IsTheSame()
    {
        Finding once = Find<Crowd<LosesAmongMany>>();
        (Scenario scenario, Variant variant) = Explore.Named<Crowd<LosesAmongMany>>();

        Finding twice = Explorer.Shrink<Crowd<LosesAmongMany>>(scenario, variant, once.Trace).Finding!;

        Assert.Equal(once.Trace.Checksum, twice.Trace.Checksum);
        Assert.Equal(twice.Shrunk!.Before, twice.Shrunk.After);
    }

    [Fact]
    public void Shrink_WithAnyNumberOfWorkers_IsTheSame()
        => Assert.Equal(
            Find<Crowd<LosesAmongMany>>().Trace.Checksum, Find<Crowd<LosesAmongMany>>(workers: 3).Trace.Checksum);

    [Fact]
    public void Shrink_RecordedWithoutShrinking_ComesToTheSame()
    {
        Finding plain = Find<Crowd<LosesAmongMany>>(shrinks: false);
        (Scenario scenario, Variant variant) = Explore.Named<Crowd<LosesAmongMany>>();

        ShrinkResult result = Explorer.Shrink<Crowd<LosesAmongMany>>(scenario, variant, plain.Trace);

        Assert.Null(plain.Shrunk);
        Assert.Null(plain.Trace.OperationLimits);
        Assert.Equal(Find<Crowd<LosesAmongMany>>().Trace.Checksum, result.Finding!.Trace.Checksum);
    }

    [Fact]
    public void Shrink_TraceThatDoesNotReproduce_SaysSo()
    {
        Finding plain = Find<Crowd<LosesAmongMany>>(shrinks: false);
        (Scenario scenario, Variant variant) = Explore.Named<Crowd<LosesAmongMany>>();

        ShrinkResult result = Explorer.Shrink<Crowd<LosesAmongMany>>(
            scenario, variant, plain.Trace with { Hash = "0000000000000000" });

        Assert.Null(result.Finding);
        Assert.Contains("0000000000000000 was recorded", result.Divergence, StringComparison.Ordinal);
    }

    private static (int Tasks, int Operations, int Preemptions, int Switches) Sizes(Finding found)
    {
        RunMeasure after = found.Shrunk!.After;
        return (after.Tasks, after.Operations, after.Preemptions, after.Switches);
    }

    private static Finding Find<TScenario>(bool shrinks = true, int workers = 1)
        where TScenario : struct, IScenario<TScenario>
    {
        (Scenario scenario, Variant variant) = Explore.Named<TScenario>();
        var options = new ExploreOptions { Schedules = 5_000, Strategy = "random", Shrink = shrinks, Workers = workers };
        return Explorer.Explore<TScenario>(scenario, variant, options).Finding!;
    }
}
