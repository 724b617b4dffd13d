using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>In which order a task that reads two VMAs locks them.</summary>
public interface IReadLockOrder
{
    /// <summary>Whether all tasks lock the lower VMA first.</summary>
    static abstract bool IsGlobal { get; }
}

/// <summary>The lower VMA first, whatever the direction.</summary>
public readonly struct LowerFirst : IReadLockOrder
{
    public static bool IsGlobal => true;
}

/// <summary>Wrong: the target first, so that two directions are two orders.</summary>
public readonly struct TargetFirst : IReadLockOrder
{
    public static bool IsGlobal => false;
}

/// <summary>Two tasks read-lock two VMAs in opposite directions, and a writer waits for each VMA.</summary>
/// <remarks>Nobody takes mmap_lock, which in the kernel keeps such writers away while two VMAs are being locked: that
/// is what makes its order harmless, and what is missing here.</remarks>
public readonly partial struct OppositeReadLocks<TLayout, TOrder>(nint root)
    : IScenario<OppositeReadLocks<TLayout, TOrder>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TOrder : struct, IReadLockOrder
{
    private readonly VmaWorld<TLayout, V612> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("forward", "backward", "writer-a", "writer-b"),
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
    };

    public static OppositeReadLocks<TLayout, TOrder> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, slots: 2);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Play(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => Play(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private void Play<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        ulong first = role % 2 == 0 ? 0 : PageTable.Span;
        if (role >= 2)
        {
            Write(cpu, first);
        }
        else
        {
            Read(cpu, TOrder.IsGlobal ? 0 : first, TOrder.IsGlobal ? PageTable.Span : PageTable.Span - first);
        }
    }

    private void Read<TCpu>(TCpu cpu, ulong first, ulong second) where TCpu : struct, ICpu
    {
        cpu.Enter("read_both", (long)first, (long)second);
        VmAreaStruct<TLayout> a = _world.Space(cpu).LookupVma(cpu, first);
        VmAreaStruct<TLayout> b = _world.Space(cpu).LookupVma(cpu, second);
        a.VmLock(cpu).DownRead(cpu);
        b.VmLock(cpu).DownRead(cpu, subclass: 1);
        b.VmLock(cpu).UpRead(cpu);
        a.VmLock(cpu).UpRead(cpu);
        cpu.Leave();
    }

    private void Write<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        cpu.Enter("write_one", (long)address);
        VmAreaStruct<TLayout> vma = _world.Space(cpu).LookupVma(cpu, address);
        vma.VmLock(cpu).DownWrite(cpu);
        vma.VmLock(cpu).UpWrite(cpu);
        cpu.Leave();
    }
}
