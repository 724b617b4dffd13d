using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Channels;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

/// <summary>The hammer runs correct scenarios to their end, catches wrong ones, and never hangs itself.</summary>
public sealed class HammerTests
{
    private static readonly HammerOptions s_short = new()
    {
        Threads = 2,
        Duration = TimeSpan.FromMilliseconds(300),
        CheckpointEvery = TimeSpan.FromMilliseconds(50),
        Watchdog = TimeSpan.FromSeconds(20),
        ArenaBytes = 4 << 20,
    };

    private static readonly HammerOptions s_untilFound = s_short with { Duration = TimeSpan.FromSeconds(20) };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_LockedCounter_IsCleanAndCounted(bool observe)
    {
        HammerResult result = Hammer.Run<PlainCounter<Yes>>(s_short with { Observe = observe, Threads = 3 });

        Assert.Null(result.Finding);
        Assert.False(result.Interrupted);
        Assert.True(result.Checkpoints > 0);
        Assert.Equal(["left", "right"], result.Roles.Select(role => role.Name));
        Assert.Equal([2, 1], result.Roles.Select(role => role.Threads));
        Assert.All(result.Roles, role => Assert.True(role.Operations > 0));
        Assert.Equal(result.Operations, result.Roles.Sum(role => role.Operations));
        Assert.All(result.Roles, role => Assert.True(role.Latency.P50 <= role.Latency.P999));
        Assert.All(result.Roles, role => Assert.True(role.Latency.P999 <= role.Latency.Max));
    }

    [Fact]
    public void Run_LockedCounter_CountsEachAcquisition()
    {
        HammerResult result = Hammer.Run<PlainCounter<Yes>>(s_short);

        HammerLock counted = Assert.Single(result.Locks);
        Assert.Equal("lock_a", counted.Class);
        Assert.Equal(result.Operations, counted.Acquisitions);
        Assert.InRange(counted.Contended, 0, counted.Acquisitions);
        Assert.True(counted.WaitMaxNs <= counted.WaitTotalNs);
    }

    [Fact]
    public void Run_UnlockedCounterPerturbed_LosesAnUpdate()
    {
        HammerResult result = Hammer.Run<PlainCounter<No>>(s_untilFound with { Perturb = 0.05 });

        Assert.Equal(FindingKind.Invariant, result.Finding?.Kind);
        Assert.Equal("no update is lost", result.Finding?.Text);
    }

    [Fact]
    public void Run_LockedCounterPerturbed_IsClean()
    {
        HammerResult result = Hammer.Run<PlainCounter<Yes>>(s_short with { Perturb = 0.05 });

        Assert.Null(result.Finding);
    }

    [Fact]
    public void Run_TwoTasksOnOneCpuPreemptible_LoseAnUpdate()
    {
        HammerResult result = Hammer.Run<PerCpuCount<No>>(s_untilFound);

        Assert.Equal(FindingKind.Invariant, result.Finding?.Kind);
        Assert.Equal("no per-cpu update is lost", result.Finding?.Text);
    }

    [Fact]
    public void Run_TwoTasksOnOneCpuPreemptionDisabled_LoseNone()
    {
        HammerResult result = Hammer.Run<PerCpuCount<Yes>>(s_short);

        Assert.Null(result.Finding);
        Assert.All(result.Roles, role => Assert.True(role.Operations > 0));
    }

    [Fact]
    public void Run_OppositeLockOrders_ReportsTheHangWithItsHolders()
    {
        HammerResult result = Hammer.Run<OppositeOrders>(
            s_untilFound with { Watchdog = TimeSpan.FromMilliseconds(500), CheckpointEvery = TimeSpan.Zero });

        Assert.Equal(FindingKind.Hang, result.Finding?.Kind);
        Assert.Equal("no operation was finished within 0.5 s", result.Finding?.Text);
        string[] lines = result.HangReport!.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("forward (task 0, cpu 0) in take_both(0) waits", lines[0], StringComparison.Ordinal);
        Assert.Contains("for lock_b (root.LockB", lines[0], StringComparison.Ordinal);
        Assert.Contains("held by backward, and spins", lines[0], StringComparison.Ordinal);
        Assert.Contains("on root.LockB.Serving; holds lock_a (root.LockA", lines[0], StringComparison.Ordinal);
        Assert.Contains("held by forward, and spins", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OppositeLockOrdersBare_StillReportsTheHang()
    {
        HammerResult result = Hammer.Run<OppositeOrders>(
            s_untilFound with { Watchdog = TimeSpan.FromMilliseconds(500), Observe = false });

        Assert.Equal(FindingKind.Hang, result.Finding?.Kind);
        Assert.Contains("forward (task 0, cpu 0) spins", result.HangReport, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_PrepareThatNeverEnds_IsAHang()
    {
        HammerResult result = Hammer.Run<OneMistake<PreparesForEver>>(
            s_short with { Watchdog = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(FindingKind.Hang, result.Finding?.Kind);
        Assert.StartsWith("Prepare did not end", result.Finding?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_LoopThatNeverWaits_IsAHangAndEnds()
    {
        HammerResult result = Hammer.Run<OneMistake<LoopsForEver>>(
            s_untilFound with { Watchdog = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(FindingKind.Hang, result.Finding?.Kind);
        Assert.Contains("maker-0 (task 0, cpu 0) in make(0, 7) runs", result.HangReport, StringComparison.Ordinal);
        Assert.Empty(result.Notes);
    }

    [Fact]
    public void Run_TaskThatCannotBeEnded_IsLeftBehind()
    {
        HammerResult result = Hammer.Run<OneMistake<BlocksOutside>>(
            s_untilFound with { Watchdog = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(FindingKind.Hang, result.Finding?.Kind);
        Assert.Equal("2 of 2 threads did not end and were left behind", Assert.Single(result.Notes));
    }

    [Fact]
    public void Run_Cancelled_LeavesAValidResult()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        HammerResult result = Hammer.Run<PlainCounter<Yes>>(
            s_short with { Duration = TimeSpan.FromMinutes(10), Cancel = cancel.Token });

        Assert.True(result.Interrupted);
        Assert.Null(result.Finding);
        Assert.True(result.Operations > 0);
    }

    [Fact]
    public void Run_ModelThrows_IsAModelError()
    {
        HammerResult result = Hammer.Run<OneMistake<Throws>>(s_untilFound);

        Assert.Equal(
            new HammerFinding(
                FindingKind.ModelError,
                "InvalidOperationException: the model is wrong",
                result.Finding!.TaskName,
                "make(0, 7)"),
            result.Finding);
    }

    [Fact]
    public void Run_ModelWarns_NamesTheTaskAndTheOperation()
    {
        HammerResult result = Hammer.Run<OneMistake<Warns>>(s_untilFound with { Threads = 1 });

        Assert.Equal(new HammerFinding(FindingKind.Warning, "something is odd", "maker", "make(0, 7)"), result.Finding);
    }

    [Fact]
    public void Run_CheckFails_IsTheFinding()
    {
        HammerResult result = Hammer.Run<OneMistake<ChecksBadly>>(s_short);

        Assert.Equal(FindingKind.Bug, result.Finding?.Kind);
        Assert.Equal("the check failed", result.Finding?.Text);
        Assert.Equal(0, result.Checkpoints);
    }

    [Fact]
    public void Run_ObjectsLeftBehind_AreALeak()
    {
        HammerResult result = Hammer.Run<OneMistake<Leaks>>(
            s_short with { Duration = TimeSpan.FromMilliseconds(1), Threads = 1, ArenaBytes = 256 << 20 });

        Assert.Equal(FindingKind.Leak, result.Finding?.Kind);
        HammerCache cache = Assert.Single(result.Caches);
        Assert.Equal($"still allocated: {cache.Live} thing-leaks", result.Finding?.Text);
        Assert.Equal(cache.Allocated, cache.Live);
    }

    [Fact]
    public void Run_ArenaTooSmall_SaysSo()
    {
        HammerResult result = Hammer.Run<OneMistake<Leaks>>(s_untilFound with { ArenaBytes = 256 << 10 });

        Assert.Equal(FindingKind.ModelError, result.Finding?.Kind);
        Assert.Contains("The arena of 256 KiB is full", result.Finding?.Text, StringComparison.Ordinal);
        Assert.Contains("a slab of thing-leaks", result.Finding?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ObjectFreedTwice_IsADoubleFree()
    {
        HammerResult result = Hammer.Run<OneMistake<FreesTwice>>(s_untilFound);

        Assert.Equal(FindingKind.DoubleFree, result.Finding?.Kind);
        Assert.Equal("double free of thing-frees-twice", result.Finding?.Text);
    }

    [Fact]
    public void Run_FreedObjectRead_IsAUseAfterFree()
    {
        HammerResult result = Hammer.Run<OneMistake<ReadsFreed>>(s_untilFound);

        Assert.Equal(FindingKind.UseAfterFree, result.Finding?.Kind);
        Assert.Equal("access to freed thing-reads-freed.Second", result.Finding?.Text);
    }

    [Fact]
    public void Run_ObjectsGivenBack_AreNoLeak()
    {
        HammerResult result = Hammer.Run<OneMistake<None>>(s_short);

        Assert.Null(result.Finding);
        HammerCache cache = Assert.Single(result.Caches);
        Assert.Equal(0, cache.Live);
        Assert.Equal(result.Operations, cache.Allocated);
    }

    [Fact]
    public void Run_FailAlloc_FailsSomeAllocations()
    {
        HammerResult result = Hammer.Run<OneMistake<None>>(s_short with { FailAlloc = 0.25, Threads = 1 });

        Assert.Null(result.Finding);
        long allocated = Assert.Single(result.Caches).Allocated;
        Assert.InRange(allocated, result.Operations * 0.7, result.Operations * 0.8);
    }

    [Fact]
    public void Run_Worker_DrainsWhatIsLeft()
    {
        HammerResult result = Hammer.Run<Service>(s_short with { Threads = 1 });

        Assert.Null(result.Finding);
        Assert.Equal(2, result.Threads);
        Assert.True(result.Roles[1].IsWorker);
        Assert.Equal(result.Roles[0].Operations, result.Operations);
    }

    [Fact]
    public void Run_Pin_RunsOrSaysWhyNot()
    {
        HammerResult result = Hammer.Run<PlainCounter<Yes>>(s_short with { Pin = true });

        Assert.Null(result.Finding);
        Assert.Equal(
            !OperatingSystem.IsLinux(),
            result.Notes.Any(note => note.Contains("pinned", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_Progress_IsPublishedAndCompleted()
    {
        Channel<HammerProgress> channel = HammerProgress.NewChannel();
        HammerResult result = Hammer.Run<PlainCounter<Yes>>(
            s_short with { Duration = TimeSpan.FromMilliseconds(700), Progress = channel.Writer });

        var notes = new List<HammerProgress>();
        while (channel.Reader.TryRead(out HammerProgress? note))
        {
            notes.Add(note);
        }

        Assert.True(channel.Reader.Completion.IsCompleted);
        Assert.NotEmpty(notes);
        Assert.All(notes, note => Assert.InRange(note.Operations, 1, result.Operations));
        Assert.All(notes, note => Assert.Equal(
            ["left", "right"], note.Threads.Select(thread => thread.Name)));
        Assert.All(notes, note => Assert.InRange(note.Threads.Sum(thread => thread.Operations), 1, result.Operations));
    }

    [Fact]
    public void Run_Bare_NotesWhatItCannotDo()
    {
        HammerResult result = Hammer.Run<PerCpuCount<Yes>>(
            s_short with { Observe = false, Perturb = 0.1, Duration = TimeSpan.Zero });

        Assert.Contains("accesses were not delayed: that needs observation", result.Notes);
        Assert.Contains("tasks that share a CPU were not kept apart: that needs observation", result.Notes);
    }

    [Fact]
    public void Result_AsJson_ComesBackTheSame()
    {
        HammerResult result = Hammer.Run<OneMistake<Warns>>(s_short);

        string json = JsonSerializer.Serialize(result);
        HammerResult again = JsonSerializer.Deserialize<HammerResult>(json)!;

        Assert.Equal(result.Finding, again.Finding);
        Assert.Equal(json, JsonSerializer.Serialize(again));
    }

    [Fact]
    public void Run_OptionsWithoutSense_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Hammer.Run<Service>(s_short with { Threads = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hammer.Run<Service>(s_short with { Perturb = 1.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hammer.Run<Service>(s_short with { FailAlloc = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Hammer.Run<Service>(s_short with { Watchdog = TimeSpan.Zero }));
    }
}
