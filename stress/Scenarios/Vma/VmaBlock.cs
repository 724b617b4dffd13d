using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>The root block of the VMA scenarios: one address space and what watches over it.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by         read by
///      0     64  Rcu       -                  -
///     64      8  Mm        Prepare            anybody
///     72      8  Child     the forking task   Check
///    128      8  Markers   whoever is inside  the same
/// </code>
/// </remarks>
public readonly partial struct VmaBlock(nint at) : IHandle
{
    public static int Bytes => 192;

    public nint Address => at;

    public Rcu Rcu => new(at);

    public PlainPtr Mm => new(at + 64);

    public PlainPtr Child => new(at + 72);

    public ExclusionMarkers Markers => new(at + 128);
}

/// <summary>The scenarios' view of their address space.</summary>
public readonly partial struct VmaWorld<TLayout, TRule>(nint root)
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    public const ulong ReadWrite = VmFlag.Read | VmFlag.Write;

    public VmaBlock Block => new(root);

    public AddressSpace<TLayout, TRule> Space<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => new(cpu.Read(Block.Mm), root);

    public AddressSpace<TLayout, TRule> Child<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => new(cpu.Read(Block.Child), root);

    /// <summary>Makes the address space, with a VMA for each of the first slots: a slot is what a page table covers.
    /// </summary>
    public void Prepare<TCpu>(TCpu cpu, int slots) where TCpu : struct, ICpu
    {
        cpu.Label(Block, "world");
        cpu.Label(Block.Rcu, "rcu_state");
        cpu.Label(Block.Markers, "markers");
        Block.Rcu.Initialize(cpu);
        MmStruct mm = AddressSpace<TLayout, TRule>.Make(cpu);
        cpu.Require(mm.Address != 0, "there is memory for the address space");
        cpu.Label(mm, "mm");
        cpu.Write(Block.Mm, mm.Address);
        for (int slot = 0; slot < slots; slot++)
        {
            Space(cpu).Mmap(cpu, Start(slot), Start(slot + 1), ReadWrite);
        }
    }

    public static ulong Start(int slot) => (ulong)slot * PageTable.Span;

    /// <summary>A page of a slot.</summary>
    public static ulong Page(int slot, int page) => Start(slot) + ((ulong)page * Pte.PageBytes);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Space(cpu).Audit(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Space(cpu).Exit(cpu);
        VmaReclaim<TLayout>.Drain(cpu, Block.Rcu);
    }

    public void ServeRcu<TCpu>(TCpu cpu) where TCpu : struct, ICpu => VmaReclaim<TLayout>.Serve(cpu, Block.Rcu);

    /// <summary>Reads inside of a VMA that is locked without mmap_lock, if it can be.</summary>
    public void ReadSection<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        cpu.Enter("read_section", (long)address);
        AddressSpace<TLayout, TRule> space = Space(cpu);
        VmAreaStruct<TLayout> vma = space.LockVmaUnderRcu(cpu, address);
        if (vma.Address != 0)
        {
            Block.Markers.EnterReader(cpu);
            Block.Markers.LeaveReader(cpu);
            space.VmaEndRead(cpu, vma);
        }

        cpu.Leave();
    }

    /// <summary>Locks a VMA for writing and is inside of it until mmap_lock is given up.</summary>
    public void WriteSection<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        cpu.Enter("write_section", (long)address);
        AddressSpace<TLayout, TRule> space = Space(cpu);
        space.MmapWriteLock(cpu);
        VmAreaStruct<TLayout> vma = space.LookupVma(cpu, address);
        if (vma.Address != 0)
        {
            space.VmaStartWrite(cpu, vma);
            Block.Markers.EnterWriter(cpu);
            Block.Markers.LeaveWriter(cpu);
        }

        space.MmapWriteUnlock(cpu);
        cpu.Leave();
    }
}
