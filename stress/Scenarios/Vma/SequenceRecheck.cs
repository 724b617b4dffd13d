using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>Two readers lock a VMA without mmap_lock while a writer marks it, changes it and gives all VMAs back.
/// </summary>
/// <remarks>
/// For exhaustive exploration: the lock of one VMA and its sequence numbers, without the lookup. The log is the oracle:
/// its atomic additions are never stale, so the data, read relaxed, must be as old as the log says.
/// <code>
/// offset  bytes  field  written by         read by
///    192      8  Vma    Prepare            anybody
///    200      8  Data   the writer         whoever is inside
///    208      8  Log    whoever is inside  the same
///
/// Log     meaning
/// 0-7     readers that are inside
/// 8-15    writers that are inside
/// 16-63   writers that have been inside
/// </code>
/// </remarks>
public readonly partial struct SequenceRecheck<TLayout, TRule>(nint root) : IScenario<SequenceRecheck<TLayout, TRule>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    public const string Exclusion = "no reader is inside of a VMA together with a writer";
    public const string Visibility = "a reader of a VMA sees all that writers did to it";

    private const int Writer = 2;
    private const ulong ReaderInside = 1;
    private const ulong WriterInside = 1 << 8;
    private const ulong WriterMask = 0xff00;
    private const ulong InsideMask = 0xffff;
    private const int EndedShift = 16;

    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("reader", "other reader", "writer"),
        RootBytes = VmaBlock.Bytes + 64,
        PlainAccessesArePoints = false,
    };

    private PlainPtr Vma => new(root + VmaBlock.Bytes);

    private AtomicU64 Data => new(root + VmaBlock.Bytes + 8);

    private AtomicU64 Log => new(root + VmaBlock.Bytes + 16);

    public static SequenceRecheck<TLayout, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, slots: 1);
        cpu.Write(Vma, _world.Space(cpu).LookupVma(cpu, 0).Address);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        AddressSpace<TLayout, TRule> space = _world.Space(cpu);
        var vma = new VmAreaStruct<TLayout>(cpu.Read(Vma));
        if (role == Writer)
        {
            Write(cpu, space, vma);
        }
        else
        {
            Read(cpu, space, vma);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Require((cpu.ReadOnce(Log) & InsideMask) == 0, "nobody is inside when all have gone");
        cpu.Require(cpu.ReadOnce(Data) == cpu.ReadOnce(Log) >> EndedShift, "every write is there");
        _world.Check(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private void Read<TCpu>(TCpu cpu, AddressSpace<TLayout, TRule> space, VmAreaStruct<TLayout> vma)
        where TCpu : struct, ICpu
    {
        cpu.Enter("vma_start_read");
        bool isLocked = space.VmaStartRead(cpu, vma);
        if (isLocked)
        {
            ulong log = cpu.FetchAddRelaxed(Log, ReaderInside);
            cpu.Require((log & WriterMask) == 0, Exclusion);
            cpu.Require(cpu.ReadOnce(Data) == log >> EndedShift, Visibility);
            cpu.FetchAddRelaxed(Log, unchecked(0 - ReaderInside));
            space.VmaEndRead(cpu, vma);
        }

        cpu.Leave(isLocked ? 1 : 0);
    }

    private void Write<TCpu>(TCpu cpu, AddressSpace<TLayout, TRule> space, VmAreaStruct<TLayout> vma)
        where TCpu : struct, ICpu
    {
        cpu.Enter("mmap_write_lock");
        space.MmapWriteLock(cpu);
        space.VmaStartWrite(cpu, vma);
        ulong log = cpu.FetchAddRelaxed(Log, WriterInside);
        cpu.Require((log & InsideMask) == 0, "a writer is alone in a VMA");
        cpu.WriteOnce(Data, (log >> EndedShift) + 1);
        cpu.FetchAddRelaxed(Log, (1ul << EndedShift) - WriterInside);
        space.MmapWriteUnlock(cpu);
        cpu.Leave();
    }
}
