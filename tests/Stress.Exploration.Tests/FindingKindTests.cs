using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>Every kind of finding is found in the scenario that was made for it, with its words, and reproduced.</summary>
public sealed class FindingKindTests
{
    [Fact]
    public void Explore_LostUpdate_FindsTheBrokenInvariant()
        => AssertFound<LosesUpdates>(FindingKind.Invariant, "every update is counted");

    [Fact]
    public void Explore_InvariantAfterAnOperation_IsJudgedThere()
        => AssertFound<BreaksInvariant>(FindingKind.Invariant, "Flag stays below 2");

    [Fact]
    public void Explore_Bug_IsFoundWithItsCondition()
        => AssertFound<HitsBug>(FindingKind.Bug, "BUG_ON(second)");

    [Fact]
    public void Explore_Warning_IsFoundWithItsCondition()
        => AssertFound<Warns>(FindingKind.Warning, "WARN_ON(second)");

    [Fact]
    public void Explore_UseAfterFree_NamesFieldAndBothTasks()
        => AssertFound<UsesAfterFree>(
            FindingKind.UseAfterFree, "thing#0.Second is read by first after second freed it");

    [Fact]
    public void Explore_NullPointer_IsFoundAtItsOffset()
        => AssertFound<FollowsNull>(FindingKind.UseAfterFree, "null pointer: offset 0 is read by first");

    [Fact]
    public void Explore_DoubleFree_NamesTheObject()
        => AssertFound<FreesTwice>(FindingKind.DoubleFree, "thing#0 is freed twice");

    [Fact]
    public void Explore_Leak_NamesTheObjectAndItsOwner()
        => AssertFound<Leaks>(FindingKind.Leak, "thing#0, allocated by first, is never freed");

    [Fact]
    public void Explore_LeakOnFailedAllocation_IsFoundByInjection()
        => AssertFound<LeaksOnFailure>(FindingKind.Leak, "thing#0, allocated by first, is never freed");

    [Fact]
    public void Explore_LocksInOppositeOrder_NamesTheCycle()
        => AssertFound<LocksInOppositeOrder>(
            FindingKind.Deadlock,
            "first waits for lock_b, held by second; second waits for lock_a, held by first");

    [Fact]
    public void Explore_LockOfATaskThatEnded_IsADeadlock()
        => AssertFound<EndsWithTheLock>(
            FindingKind.Deadlock, "alone, first waits for lock_a, which it holds itself");

    [Fact]
    public void Explore_WakeupBetweenTestAndSleep_IsMissed()
        => AssertFound<ParksTooLate>(
            FindingKind.MissedWakeup, "first sleeps for a wakeup, but nobody is left to wake it");

    [Fact]
    public void Explore_ReadSectionWithoutEnd_StallsTheGracePeriod()
        => AssertFound<StaysInReadSection>(
            FindingKind.RcuStall, "second waits for a grace period, held up by first, which has ended");

    [Fact]
    public void Explore_EndlessLoop_HitsTheStepBound()
        => AssertFound<SpinsForEver>(FindingKind.StepBound, "no end within 2000 scheduling points");

    [Fact]
    public void Explore_ExceptionOfTheModel_IsReportedAsItsError()
        => AssertFound<Throws>(FindingKind.ModelError, "InvalidOperationException: the model is wrong");

    [Fact]
    public void Explore_SleepWithPreemptionDisabled_IsABug()
        => AssertFound<SleepsWhileAtomic>(
            FindingKind.Bug, "scheduling while atomic: a task sleeps with preemption or interrupts disabled");

    [Fact]
    public void Explore_LockedCounter_IsClean() => AssertClean<KeepsUpdates>();

    [Fact]
    public void Explore_SleepAnnouncedBeforeTheTest_IsClean() => AssertClean<ParksInTime>();

    [Fact]
    public void Explore_WorkerThatServesToTheEnd_IsClean() => AssertClean<ServesWithWorker>();

    private static void AssertFound<TFault>(FindingKind kind, string text)
        where TFault : struct, IFault
    {
        Finding? found = Explore.Run<Specimen<TFault>>().Finding;

        Assert.NotNull(found);
        Assert.Equal((kind, text), (found.Kind, found.Text));
        Assert.Equal((10, 10), (found.Reproduced, found.ReproducedOf));
    }

    private static void AssertClean<TFault>()
        where TFault : struct, IFault
    {
        ExploreResult result = Explore.Run<Specimen<TFault>>(schedules: 5_000);

        Assert.True(result.Finding is null, result.Finding?.Text);
        Assert.Equal(5_000, result.Schedules);
        Assert.InRange(result.Distinct, 2, 5_000);
    }
}
