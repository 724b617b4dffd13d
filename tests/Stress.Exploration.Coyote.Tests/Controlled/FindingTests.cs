using Stress.Exploration.Tests;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Coyote.Tests;

/// <summary>The oracles are those of the builtin engine: the same kinds, with the same words.</summary>
public sealed class FindingTests
{
    [Fact]
    public void Explore_LostUpdate_FindsTheBrokenInvariant()
        => Under.AssertFound<LosesUpdates>(FindingKind.Invariant, "every update is counted");

    [Fact]
    public void Explore_LostUpdate_IsADataRaceBeforeItIsMore()
    {
        Finding? finding = Under.Coyote<Specimen<LosesUpdates>>(looksForRaces: true).Finding;
        Assert.Equal(FindingKind.DataRace, finding?.Kind);
        Assert.Equal(finding!.ReproducedOf, finding.Reproduced);
    }

    [Fact]
    public void Explore_LockedUpdate_IsClean() => Under.AssertClean<KeepsUpdates>();

    [Fact]
    public void Explore_InvariantAfterAnOperation_IsJudgedThere()
        => Under.AssertFound<BreaksInvariant>(FindingKind.Invariant, "Flag stays below 2");

    [Fact]
    public void Explore_Bug_IsFoundWithItsCondition()
        => Under.AssertFound<HitsBug>(FindingKind.Bug, "BUG_ON(second)");

    [Fact]
    public void Explore_UseAfterFree_NamesFieldAndBothTasks()
        => Under.AssertFound<UsesAfterFree>(
            FindingKind.UseAfterFree, "thing#0.Second is read by first after second freed it");

    [Fact]
    public void Explore_DoubleFree_NamesTheObject()
        => Under.AssertFound<FreesTwice>(FindingKind.DoubleFree, "thing#0 is freed twice");

    [Fact]
    public void Explore_LeakOnFailedAllocation_IsFoundByInjection()
        => Under.AssertFound<LeaksOnFailure>(FindingKind.Leak, "thing#0, allocated by first, is never freed");

    [Fact]
    public void Explore_LocksInOppositeOrder_IsAnExactDeadlock()
    {
        Finding finding = Under.AssertFound<LocksInOppositeOrder>(
            FindingKind.Deadlock,
            "first waits for lock_b, held by second; second waits for lock_a, held by first");
        Assert.Contains("*** deadlock: ", finding.Story, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_SleepAfterTheWakeUp_IsAMissedWakeUp()
        => Under.AssertFound<ParksTooLate>(
            FindingKind.MissedWakeup, "first sleeps for a wakeup, but nobody is left to wake it");

    [Fact]
    public void Explore_SleepBeforeTheWakeUp_IsClean() => Under.AssertClean<ParksInTime>();

    [Fact]
    public void Explore_IdleWorker_IsLetGoAndNoDeadlock() => Under.AssertClean<ServesWithWorker>();

    [Fact]
    public void Explore_LoopWithoutEnd_IsBounded()
        => Under.AssertFound<SpinsForEver>(FindingKind.StepBound, "no end within 2000 scheduling points");

    [Fact]
    public void Explore_SleepWithPreemptionOff_IsFound()
        => Under.AssertFound<SleepsWhileAtomic>(
            FindingKind.Bug, "scheduling while atomic: a task sleeps with preemption or interrupts disabled");

    [Fact]
    public void Explore_ModelThatThrows_IsAModelError()
        => Under.AssertFound<Throws>(FindingKind.ModelError, "InvalidOperationException: the model is wrong");
}
