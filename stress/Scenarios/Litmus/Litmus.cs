using System.Linq;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Litmus;

/// <summary>The object that a pointer of a litmus test leads to.</summary>
public readonly struct LitmusObject(nint at) : IHandle
{
    public static int Bytes => 64;

    public nint Address => at;

    public AtomicS64 Word => new(at);
}

/// <summary>Runs one litmus test: each task makes its steps, registers and last values are the outcome.</summary>
/// <typeparam name="TFamily">The family.</typeparam>
/// <typeparam name="TIndex">Which of its tests.</typeparam>
public readonly partial struct Litmus<TFamily, TIndex>(nint root) : IScenario<Litmus<TFamily, TIndex>>
    where TFamily : struct, ILitmusFamily
    where TIndex : struct, ILitmusIndex
{
    private static readonly LockClass s_class = new("spin_lock");
    private static readonly SlabCache s_objects = SlabCache.For<LitmusObject>(
        "object", SlabOptions.CacheLineAligned | SlabOptions.Zeroed | SlabOptions.NoFail);

    private static readonly LitmusTest s_test = TFamily.Family.Tests[TIndex.Value];
    private static readonly LitmusStep[][] s_steps = [.. s_test.Tasks.Select(steps => steps.ToArray())];
    private static readonly LitmusCell[] s_final = [.. TFamily.Family.Final];
    private static readonly string[] s_names = [.. s_test.Tasks.Select((_, task) => $"P{task}")];

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus(s_names),
        RootBytes = 384,
        Outcomes = TFamily.Family.OutcomesOf(s_test),
    };

    private AtomicS64 X => new(root);

    private AtomicS64 Y => new(root + 64);

    private AtomicS64 Z => new(root + 128);

    private QueuedSpinLock Lock => new(root + 192, s_class);

    private Rcu Rcu => new(root + 256);

    // Where the objects are: written before the tasks begin, and never again.
    private PlainS64 U => new(root + 320);

    private PlainS64 V => new(root + 328);

    public static Litmus<TFamily, TIndex> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Lock, "lock");
        cpu.Label(Rcu, "rcu");
        Lock.Initialize(cpu);
        Rcu.Initialize(cpu);
        if (s_test.HasPointers)
        {
            nint first = cpu.Alloc(s_objects);
            cpu.Write(U, first);
            cpu.Write(V, cpu.Alloc(s_objects));
            cpu.Write(Y, first);
        }
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        cpu.Enter(s_names[task]);
        long published = s_test.HasPointers ? cpu.Read(V) : 0;
        LitmusRegisters registers = default;
        foreach (LitmusStep step in s_steps[task])
        {
            if (step.IfRegister == LitmusRegister.None || registers[step.IfRegister] == step.IfValue)
            {
                nint at = step.Through == LitmusRegister.None
                    ? Address(step.Cell, published) : (nint)registers[step.Through];
                long given = step.ValueOf != LitmusRegister.None ? registers[step.ValueOf]
                    : step.Pointer != LitmusCell.None ? published : step.Value;
                long found = Make(cpu, step.Op, at, given);
                if (step.Into != LitmusRegister.None)
                {
                    registers = registers.With(step.Into, found);
                    cpu.Observe(LitmusStep.Name(step.Into), Shown(step, found, published));
                }
            }
        }

        cpu.Leave();
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => Act(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        foreach (LitmusCell cell in s_final)
        {
            cpu.Observe(LitmusStep.Name(cell), cpu.ReadOnce(new AtomicS64(Address(cell, 0))));
        }
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (s_test.HasPointers)
        {
            cpu.Free(s_objects, (nint)cpu.Read(U));
            cpu.Free(s_objects, (nint)cpu.Read(V));
        }
    }

    // Only the object that is published is ever named directly, by the task that publishes it.
    private nint Address(LitmusCell cell, long published) => cell switch
    {
        LitmusCell.X => X.Address,
        LitmusCell.Y => Y.Address,
        LitmusCell.Z => Z.Address,
        _ => (nint)published,
    };

    // A pointer counts as 1 when it leads to what was published, and as 0 when it is the one from before.
    private static long Shown(LitmusStep step, long found, long published)
        => s_test.HasPointers && step.Cell == LitmusCell.Y ? (found == published ? 1 : 0) : found;

    private long Make<TCpu>(TCpu cpu, LitmusOp op, nint at, long given) where TCpu : struct, ICpu
    {
        var cell = new AtomicS64(at);
        switch (op)
        {
            case LitmusOp.ReadOnce:
                return cpu.ReadOnce(cell);

            case LitmusOp.LoadAcquire:
                return cpu.LoadAcquire(cell);

            case LitmusOp.Dereference:
                return cpu.Dereference(cell);

            case LitmusOp.Exchange:
                return cpu.Exchange(cell, given);

            case LitmusOp.FetchAddRelaxed:
                return cpu.FetchAddRelaxed(cell, given);

            case LitmusOp.WriteOnce:
                cpu.WriteOnce(cell, given);
                return 0;

            case LitmusOp.StoreRelease:
                cpu.StoreRelease(cell, given);
                return 0;

            default:
                Order(cpu, op);
                return 0;
        }
    }

    private void Order<TCpu>(TCpu cpu, LitmusOp op) where TCpu : struct, ICpu
    {
        switch (op)
        {
            case LitmusOp.FullFence:
                cpu.FullFence();
                break;

            case LitmusOp.ReadFence:
                cpu.ReadFence();
                break;

            case LitmusOp.WriteFence:
                cpu.WriteFence();
                break;

            case LitmusOp.SpinLock:
                Lock.Acquire(cpu);
                break;

            case LitmusOp.SpinUnlock:
                Lock.Release(cpu);
                break;

            case LitmusOp.RcuReadLock:
                cpu.RcuReadLock();
                break;

            case LitmusOp.RcuReadUnlock:
                cpu.RcuReadUnlock();
                break;

            default:
                Rcu.Synchronize(cpu);
                break;
        }
    }
}
