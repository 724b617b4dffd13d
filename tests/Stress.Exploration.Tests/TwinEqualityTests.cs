using System;
using System.Runtime.InteropServices;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>A method and its twin do the same, wherever the twin is interrupted: they leave the same memory behind.</summary>
public sealed unsafe class TwinEqualityTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Twin_InterruptedAtRandom_LeavesTheSameMemoryAsTheMethod(ulong seed)
    {
        using var byMethod = new ExploredMachine(new ExploredProgram<Idle>(), new MachineSettings());
        using var byTwin = new ExploredMachine(new ExploredProgram<Shapes>(), new MachineSettings());
        var strategy = new RandomStrategy();
        strategy.Begin(new Xoshiro256(seed));

        byMethod.Run(strategy);
        Shapes.At(byMethod.Arena.Root).Act(new DirectCpu(byMethod), 0);
        byTwin.Run(strategy);

        Assert.Null(byMethod.Finding);
        Assert.Null(byTwin.Finding);
        Assert.InRange(byTwin.TaskDecisions, 50, int.MaxValue);
        ReadOnlySpan<byte> direct = Memory(byMethod);
        Assert.True(direct.IndexOfAnyExcept((byte)0) >= 0, "the method left nothing to compare");
        Assert.True(direct.SequenceEqual(Memory(byTwin)));
    }

    private static ReadOnlySpan<byte> Memory(ExploredMachine machine)
        => MemoryMarshal.CreateReadOnlySpan(ref *(byte*)machine.Arena.Root, Shapes.ComparedBytes);
}

/// <summary>Does nothing.</summary>
public readonly partial struct Idle(nint root) : IScenario<Idle>
{
    public static ScenarioPlan Plan { get; } = new() { Tasks = ScenarioPlan.OwnCpus("only"), RootBytes = Shapes.RootBytes };

    public static Idle At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.WriteOnce(new AtomicU32(root), 0u);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
    }

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

/// <summary>Every access, and calls of every shape that a twin must keep: nested, in conditions and loops, tuples,
/// extensions, generics, early returns, exceptions caught.</summary>
public readonly partial struct Shapes(nint root) : IScenario<Shapes>
{
    public const int ComparedBytes = 192;

    public const int RootBytes = 256;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("shapes", "interrupter"),
        RootBytes = RootBytes,
    };

    private AtomicU32 A => new(root);

    private AtomicU64 B => new(root + 8);

    private PlainU64 C => new(root + 16);

    private AtomicU8 D => new(root + 24);

    private AtomicU16 E => new(root + 26);

    public static Shapes At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 1)
        {
            for (int i = 0; i < 100; i++)
            {
                cpu.FetchAdd(new AtomicU32(root + ComparedBytes), 1u);
            }

            return;
        }

        Accesses(cpu);
        Result(cpu, 6, Loops(cpu));
        Result(cpu, 7, (ulong)Ordered(cpu).High.CompareTo(3u));
        Result(cpu, 8, cpu.Doubled(A).Value + (cpu.Doubled(A).IsEven ? 1u : 0u));
        Result(cpu, 9, Generic<TCpu, ulong>(cpu, B));
        Result(cpu, 10, Catches(cpu));
        Result(cpu, 11, cpu.ReadOnce(A) > 2 && cpu.ReadOnce(B) > 1 ? cpu.ReadOnce(B) : 0);
        Result(cpu, 12, cpu.ReadOnce(A) switch { 0 => 1ul, var value when value > 5 => cpu.ReadOnce(B), _ => 3 });
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => Act(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Result<TCpu>(TCpu cpu, int index, ulong value) where TCpu : struct, ICpu
        => cpu.Write(new PlainU64(root + (index * 8)), value);

    private void Accesses<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.WriteOnce(A, 3u);
        cpu.StoreRelease(B, cpu.ReadOnce(A) + 4ul);
        cpu.Write(C, cpu.Read(C) + cpu.LoadAcquire(B));
        cpu.Write(A, cpu.Read(A) + cpu.FetchAdd(A, 2u) + cpu.FetchAddRelaxed(A, 1u));
        cpu.FetchAddAcquire(B, cpu.FetchAddRelease(B, 5ul));
        cpu.FetchOr(D, (byte)0x81);
        cpu.FetchOrAcquire(D, (byte)2);
        cpu.FetchOrRelaxed(D, (byte)4);
        cpu.FetchAndRelaxed(D, (byte)0x7f);
        cpu.Exchange(E, cpu.ExchangeRelaxed(E, (ushort)77));
        cpu.FetchAdd(E, (ushort)cpu.CompareExchange(E, (ushort)0, (ushort)9));
        cpu.CompareExchangeRelaxed(A, 1u, cpu.CompareExchangeAcquire(A, 9u, 8u));
        cpu.CompareExchangeRelease(B, cpu.Dereference(B), 21ul);
        cpu.FullFence();
        cpu.ReadFence();
        cpu.WriteFence();
        cpu.FenceEveryCpu();
        cpu.WaitWhile(A, cpu.ReadOnce(A) + 1);
        cpu.WaitForClear(D, (byte)0x80);
        cpu.AddWhenClear(A, 1u << 31, 5u);
        cpu.PreemptDisable();
        cpu.IrqDisable();
        cpu.IrqEnable();
        cpu.PreemptEnable();
        cpu.PrepareToPark();
        cpu.CancelPark();
        cpu.BugOn(cpu.ReadOnce(A) == 0, "A is 0");
        cpu.WarnOn(cpu.ReadOnce(A) == 0, "A is 0");
        cpu.Require(cpu.ReadOnce(A) != 0, "A is not 0");
    }

    private ulong Loops<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        (uint low, uint high) = Ordered(cpu);
        ulong sum = 0;
        for (uint i = low; i < cpu.LoadAcquire(B) && cpu.FetchAddRelease(A, 2u) < high * 4; i++)
        {
            sum += cpu.CompareExchangeAcquire(A, 7u, 1u) == 7 ? cpu.ReadOnce(B) : cpu.Doubled(A).Value;
            if (sum > 1_000)
            {
                return sum;
            }
        }

        do
        {
            sum += cpu.ReadOnce(A);
        }
        while (cpu.FetchAdd(B, 1ul) < 30);

        foreach (uint addend in (uint[])[1, 2, 3])
        {
            sum += cpu.FetchAdd(A, addend);
        }

        return sum;
    }

    private (uint Low, uint High) Ordered<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.ReadOnce(A) < cpu.ReadOnce(B)
            ? (cpu.ReadOnce(A), (uint)cpu.ReadOnce(B)) : ((uint)cpu.ReadOnce(B), cpu.ReadOnce(A));

    private static T Generic<TCpu, T>(TCpu cpu, Atomic<T> cell)
        where TCpu : struct, ICpu
        where T : unmanaged
        => cpu.Exchange(cell, cpu.ReadOnce(cell));

    private ulong Catches<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        try
        {
            cpu.WriteOnce(A, 6u);
            throw new InvalidOperationException();
        }
        catch (InvalidOperationException)
        {
            return cpu.FetchAdd(A, 1u) + (ulong)nameof(cpu).Length;
        }
    }
}

/// <summary>An operation that every CPU gets, as a classic extension method.</summary>
public static partial class CpuOperations
{
    public static (uint Value, bool IsEven) Doubled<TCpu>(this TCpu cpu, AtomicU32 cell) where TCpu : struct, ICpu
    {
        uint value = cpu.FetchAddAcquire(cell, 0u) + cpu.FetchAddRelaxed(cell, 1u);
        return (value, value % 2 == 0);
    }
}
