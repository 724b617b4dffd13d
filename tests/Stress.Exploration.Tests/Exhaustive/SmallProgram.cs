using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>What one instruction of a <see cref="SmallProgram"/> does.</summary>
public enum Instruction
{
    Load,
    Store,
    Add,
    CompareExchange,
    LockedAdd,
    StoreByte,
    SkipIfZero,
    Choose,
    AwaitNonZero,
    Masked,
    LockedBranch,
    LoadAcquire,
    StoreRelease,
    FullFence,
    WriteFence,
    ReadFence,
}

/// <summary>A program that a test makes up: for each task its instructions.</summary>
/// <param name="Cpus">The CPU of each task.</param>
/// <param name="Code">The instructions of each task: what, on which cell, with which value.</param>
public sealed record SmallProgram(
    IReadOnlyList<int> Cpus, IReadOnlyList<(Instruction What, int Cell, uint Value)[]> Code)
{
    private const int Cells = 3;

    /// <summary>What <see cref="SmallScenario"/> runs on this thread and those that it starts.</summary>
    public static SmallProgram Current { get; set; } = new([0], [[]]);

    /// <summary>A program drawn from a seed.</summary>
    public static SmallProgram Draw(ulong seed, ReadOnlySpan<Instruction> among, bool sharesCpus)
    {
        var random = new Xoshiro256(seed);
        int tasks = 2 + (int)random.Next(2);
        var code = new (Instruction, int, uint)[tasks][];
        int[] cpus = new int[tasks];
        for (int task = 0; task < tasks; task++)
        {
            cpus[task] = sharesCpus ? (int)random.Next(2) : task;
            code[task] = new (Instruction, int, uint)[1 + random.Next(tasks == 2 ? 4u : 3u)];
            for (int i = 0; i < code[task].Length; i++)
            {
                code[task][i] = (
                    among[(int)random.Next((uint)among.Length)], (int)random.Next(Cells), random.Next(3));
            }
        }

        return new SmallProgram(cpus, code);
    }

    public override string ToString() => string.Join(" || ", Code.Select((task, i) => $"cpu{Cpus[i]}: "
        + string.Join("; ", task.Select(step => $"{step.What} {"xyz"[step.Cell]} {step.Value}"))));
}

/// <summary>Runs <see cref="SmallProgram.Current"/>.</summary>
public readonly partial struct SmallScenario(nint root) : IScenario<SmallScenario>
{
    private const int CellBytes = 8;

    public static ScenarioPlan Plan => new()
    {
        Tasks = [.. SmallProgram.Current.Cpus.Select((cpu, i) => new TaskSpec($"task{i}", cpu))],
        RootBytes = 64,

        // Plain accesses are part of the step before them.
        PlainAccessesArePoints = false,
    };

    private AtomicU32 LockWord => new(root + 48);

    public static SmallScenario At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        (Instruction What, int Cell, uint Value)[] code = SmallProgram.Current.Code[task];
        uint last = 1;
        for (int i = 0; i < code.Length; i++)
        {
            (Instruction what, int number, uint value) = code[i];
            var cell = new AtomicU32(root + (number * CellBytes));
            switch (what)
            {
                case Instruction.Load:
                    last = cpu.ReadOnce(cell);
                    break;
                case Instruction.Store:
                    cpu.WriteOnce(cell, value);
                    break;
                case Instruction.Add:
                    last = cpu.FetchAdd(cell, value);
                    break;
                case Instruction.CompareExchange:
                    last = cpu.CompareExchange(cell, 0u, value);
                    break;
                case Instruction.LockedAdd:
                    cpu.AddWhenClear(LockWord, 1u, 1u);
                    last = cpu.ReadOnce(cell);
                    cpu.WriteOnce(cell, last + value);
                    cpu.StoreRelease(LockWord, 0u);
                    break;
                case Instruction.LockedBranch:
                    cpu.AddWhenClear(LockWord, 1u, 1u);
                    last = cpu.Read(cell);
                    var other = new AtomicU32(root + ((last == 0 ? (number + 1) % 3 : (number + 2) % 3) * CellBytes));
                    cpu.Write(other, cpu.Read(other) + value);
                    cpu.StoreRelease(LockWord, 0u);
                    break;
                case Instruction.StoreByte:
                    cpu.WriteOnce(new AtomicU8(cell.Address + 1), (byte)value);
                    break;
                case Instruction.SkipIfZero:
                    i += last == 0 ? 1 : 0;
                    break;
                case Instruction.Choose:
                    last = cpu.Choose(2);
                    break;
                case Instruction.LoadAcquire:
                    last = cpu.LoadAcquire(cell);
                    break;
                case Instruction.StoreRelease:
                    cpu.StoreRelease(cell, value);
                    break;
                case Instruction.FullFence:
                    cpu.FullFence();
                    break;
                case Instruction.WriteFence:
                    cpu.WriteFence();
                    break;
                case Instruction.ReadFence:
                    cpu.ReadFence();
                    break;
                case Instruction.AwaitNonZero:
                    cpu.WaitWhile(cell, 0u);
                    break;
                default:
                    cpu.PreemptDisable();
                    last = cpu.ReadOnce(cell);
                    cpu.WriteOnce(cell, last + 1);
                    cpu.PreemptEnable();
                    break;
            }
        }
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
