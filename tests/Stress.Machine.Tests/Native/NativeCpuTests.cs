using System;
using System.Linq;
using System.Threading;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

/// <summary>The accesses of the bare CPU, at each width, and the waits of tasks for each other.</summary>
public sealed class NativeCpuTests : IDisposable
{
    private readonly NativeMachine _machine = new(new NativeMachineOptions
    {
        Tasks = ScenarioPlan.OwnCpus("one", "two"),
        ArenaBytes = 1 << 20,
        Seed = 3,
    });

    private NativeCpu Cpu => _machine.CpuOf(0);

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void FetchAdd_EachWidth_WrapsAndTouchesNoNeighbour()
    {
        AssertFetchAdd<byte>(0xff, 3, 2);
        AssertFetchAdd<ushort>(0xffff, 3, 2);
        AssertFetchAdd<uint>(0xffff_ffff, 3, 2);
        AssertFetchAdd<ulong>(ulong.MaxValue, 3, 2);
        AssertFetchAdd<int>(int.MaxValue, 1, int.MinValue);
        AssertFetchAdd<long>(5, -7, -2);
    }

    [Fact]
    public void Bits_EachWidth_AreSetAndCleared()
    {
        AssertBits<byte>(0x81, 0x10, 0x90, 0x11);
        AssertBits<ushort>(0x8001, 0x10, 0x8010, 0x11);
        AssertBits<uint>(0x8000_0001, 0x10, 0x8000_0010, 0x11);
        AssertBits<ulong>(0x8000_0000_0000_0001, 0x10, 0x8000_0000_0000_0010, 0x11);
    }

    [Fact]
    public void Exchange_EachWidth_ReturnsTheValueBefore()
    {
        AssertExchange<byte>(1, 2, 3);
        AssertExchange<ushort>(1, 2, 3);
        AssertExchange<uint>(1, 2, 3);
        AssertExchange<ulong>(1, 2, 3);
        AssertExchange<nint>(1, 2, 3);
    }

    [Fact]
    public void Access_OddWidth_IsRefused()
        => Assert.Throws<NotSupportedException>(() => Cpu.ReadOnce(new Atomic<Guid>(_machine.Root)));

    [Fact]
    public void AddWhenClear_ClearWord_AddsAndReturnsTheValueBefore()
    {
        var cell = new AtomicU32(_machine.Root);
        Cpu.WriteOnce(cell, 4u);

        Assert.Equal(4u, Cpu.AddWhenClear(cell, 3u, 8u));
        Assert.Equal(12u, Cpu.ReadOnce(cell));
    }

    [Fact]
    public void Areas_OfMachine_AreZeroedAlignedAndApart()
    {
        Assert.Equal(0, _machine.Root % 4096);
        Assert.Equal(0, Cpu.PerCpu(0) % 128);
        Assert.True(Cpu.PerCpu(1) - Cpu.PerCpu(0) >= ICpuContext.PerCpuBytes);
        Assert.Equal(0ul, Cpu.Read(new PlainU64(_machine.Root)));
        Assert.Equal(0ul, Cpu.Read(new PlainU64(Cpu.PerCpu(1))));
    }

    [Fact]
    public void Tasks_OfMachine_KnowTheirNumberAndCpu()
    {
        NativeCpu second = _machine.CpuOf(1);

        Assert.Equal((1, 1, 2, 2), (second.Task, second.Id, second.TaskCount, second.CpuCount));
        Assert.Equal(second.Current.Address, Cpu.TaskAt(1).Address);
        Assert.Equal(1u, Cpu.Read(second.Current.Number));
        Assert.Equal(1u, Cpu.Read(second.Current.Cpu));
        Assert.Equal(1u, Cpu.ReadOnce(second.Current.OnCpu));
    }

    [Fact]
    public void Choose_SameSeed_DrawsTheSamePerTask()
    {
        using var again = new NativeMachine(_machine.Options);
        uint[] drawn = Draw(_machine.CpuOf(0));

        Assert.Equal(drawn, Draw(again.CpuOf(0)));
        Assert.NotEqual(drawn, Draw(again.CpuOf(1)));
    }

    [Fact]
    public void HasPassed_Deadline_ComesInTime()
    {
        ulong deadline = Cpu.Deadline(1_000);
        while (!Cpu.HasPassed(deadline))
        {
            Thread.Yield();
        }

        Assert.False(Cpu.HasPassed(Cpu.Deadline(3_600_000_000_000)));
    }

    [Fact]
    public void NeedsResched_LongSpin_BecomesTrue()
    {
        bool wanted = false;
        for (int i = 0; i < 100_000_000 && !wanted; i++)
        {
            wanted = Cpu.NeedsResched();
        }

        Assert.True(wanted);
    }

    [Fact]
    public void Park_UnparkedBefore_DoesNotSleep()
    {
        Cpu.PrepareToPark();
        Assert.Equal(TaskStruct.Uninterruptible, Cpu.ReadOnce(Cpu.Current.State));

        Assert.True(_machine.CpuOf(1).Unpark(Cpu.Current));
        Cpu.Park();

        Assert.Equal(TaskStruct.Running, Cpu.ReadOnce(Cpu.Current.State));
        Assert.False(_machine.CpuOf(1).Unpark(Cpu.Current));
    }

    [Fact]
    public void Park_Cancelled_LeavesNothingToWake()
    {
        Cpu.PrepareToPark();
        Cpu.CancelPark();
        Cpu.Park();

        Assert.False(_machine.CpuOf(1).Unpark(Cpu.Current));
    }

    [Fact]
    public void Park_PingPong_LosesNoWakeup()
    {
        const int Rounds = 2_000;
        var turn = new AtomicU32(_machine.Root);
        Thread other = Start(() => PingPong(_machine.CpuOf(1), turn, 1, Cpu.Current, Rounds));
        PingPong(Cpu, turn, 0, _machine.CpuOf(1).Current, Rounds);
        other.Join();

        Assert.Equal(2u * Rounds, Cpu.ReadOnce(turn));
        Assert.Null(_machine.Run.Finding);
    }

    [Fact]
    public void Park_Asleep_IsOffItsCpuAndEndsWithTheRun()
    {
        RunFailedException? thrown = null;
        Thread sleeper = Start(() =>
        {
            NativeCpu cpu = _machine.CpuOf(1);
            cpu.PrepareToPark();
            thrown = Assert.Throws<RunFailedException>(cpu.Park);
        });
        Cpu.WaitWhile(_machine.CpuOf(1).Current.OnCpu, 1u);
        Assert.Throws<RunFailedException>(() => Cpu.BugOn(true, "over"));
        sleeper.Join();

        Assert.Equal("over", thrown?.Message);
    }

    [Fact]
    public void WaitWhile_RunFails_EndsTheWaiter()
    {
        RunFailedException? thrown = null;
        var cell = new AtomicU32(_machine.Root);
        Thread waiter = Start(
            () => thrown = Assert.Throws<RunFailedException>(() => _machine.CpuOf(1).WaitWhile(cell, 0u)));
        Assert.Throws<RunFailedException>(() => Cpu.Require(false, "first"));
        Assert.Throws<RunFailedException>(() => Cpu.WarnOn(true, "second"));
        waiter.Join();

        Assert.Equal("first", thrown?.Message);
        Assert.Equal(new HammerFinding(FindingKind.Invariant, "first", "one", ""), _machine.Run.Finding);
    }

    [Fact]
    public void WaitForClear_BitsSet_WaitsForThemAlone()
    {
        var cell = new AtomicU32(_machine.Root);
        Cpu.WriteOnce(cell, 5u);
        Thread clearer = Start(() => _machine.CpuOf(1).FetchAndRelaxed(cell, ~1u));
        Cpu.WaitForClear(cell, 1u);
        clearer.Join();

        Assert.Equal(4u, Cpu.ReadOnce(cell));
    }

    private static void PingPong(NativeCpu cpu, AtomicU32 turn, uint parity, TaskStruct other, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            cpu.PrepareToPark();
            while ((cpu.ReadOnce(turn) & 1) != parity)
            {
                cpu.Park();
                cpu.PrepareToPark();
            }

            cpu.CancelPark();
            cpu.FetchAdd(turn, 1u);
            cpu.Unpark(other);
        }
    }

    private static Thread Start(ThreadStart body)
    {
        var thread = new Thread(body) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static uint[] Draw(NativeCpu cpu)
        => [.. Enumerable.Range(0, 20).Select(_ => cpu.Choose(1000))];

    /// <summary>A cell between two words of ones, which must stay.</summary>
    private Atomic<T> NewCell<T>(T value)
        where T : unmanaged
    {
        Cpu.Write(new PlainU64(_machine.Root), ulong.MaxValue);
        Cpu.Write(new PlainU64(_machine.Root + 8), ulong.MaxValue);
        Cpu.Write(new PlainU64(_machine.Root + 16), ulong.MaxValue);
        var cell = new Atomic<T>(_machine.Root + 8);
        Cpu.WriteOnce(cell, value);
        return cell;
    }

    private void AssertNeighboursUntouched<T>()
        where T : unmanaged
    {
        Assert.Equal(ulong.MaxValue, Cpu.Read(new PlainU64(_machine.Root)));
        for (int offset = 8 + Atomic<T>.Bytes; offset < 24; offset++)
        {
            Assert.Equal(0xff, Cpu.Read(new PlainU8(_machine.Root + offset)));
        }
    }

    private void AssertFetchAdd<T>(T value, T addend, T sum)
        where T : unmanaged
    {
        Atomic<T> cell = NewCell(value);
        Assert.Equal(value, Cpu.FetchAdd(cell, addend));
        Assert.Equal(sum, Cpu.LoadAcquire(cell));
        AssertNeighboursUntouched<T>();
    }

    private void AssertBits<T>(T value, T bit, T kept, T cleared)
        where T : unmanaged
    {
        Atomic<T> cell = NewCell(value);
        Assert.Equal(value, Cpu.FetchOr(cell, bit));
        T both = Cpu.FetchAndRelaxed(cell, kept);
        Assert.Equal(kept, Cpu.FetchAndRelaxed(cell, cleared));
        Assert.Equal(bit, Cpu.ReadOnce(cell));
        Assert.NotEqual(both, kept);
        AssertNeighboursUntouched<T>();
    }

    private void AssertExchange<T>(T first, T second, T third)
        where T : unmanaged
    {
        Atomic<T> cell = NewCell(first);
        Assert.Equal(first, Cpu.Exchange(cell, second));
        Assert.Equal(second, Cpu.CompareExchange(cell, first, third));
        Assert.Equal(second, Cpu.CompareExchange(cell, second, third));
        Assert.Equal(third, Cpu.Read(cell));
        AssertNeighboursUntouched<T>();
    }
}
