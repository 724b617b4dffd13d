using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>The root block of the reference count scenarios: two address spaces.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by         read by
///      0      8  First     Prepare            anybody
///      8      8  Second    Prepare            anybody
///     64      8  Markers   whoever is inside  the same
/// </code>
/// </remarks>
public readonly partial struct RefcountWorld<TRule>(nint at) : IHandle
    where TRule : struct, IRefcountRule
{
    public const ulong Start = 0x1000;
    public const ulong End = 0x2000;

    public static int Bytes => 128;

    public nint Address => at;

    public PlainPtr First => new(at);

    public PlainPtr Second => new(at + 8);

    public ExclusionMarkers Markers => new(at + 64);

    /// <summary>Makes both; the first maps a range.</summary>
    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        RefcountMm first = RefcountMm.Make(cpu);
        RefcountMm second = RefcountMm.Make(cpu);
        cpu.Require(first.Address != 0 && second.Address != 0, "there is memory for two address spaces");
        cpu.Label(first, "mm1");
        cpu.Label(second, "mm2");
        cpu.Write(First, first.Address);
        cpu.Write(Second, second.Address);
        new RefcountSpace<TRule>(first.Address).Mmap(cpu, Start, End);
    }

    /// <summary>Reads inside of the first address space's VMA, if there is one.</summary>
    public void ReadFirst<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("read_section");
        nint first = cpu.Read(First);
        RefcountVma vma = new RefcountSpace<TRule>(first).LockVmaUnderRcu(cpu, Start);
        if (vma.Address != 0)
        {
            cpu.Require(cpu.ReadOnce(vma.VmMm) == first, "a VMA that was locked belongs to the space it was found in");
            Markers.EnterReader(cpu);
            Markers.LeaveReader(cpu);
            RefcountSpace<TRule>.Put(cpu, vma);
        }

        cpu.Leave();
    }

    /// <summary>Locks the first address space's VMA for writing, if there is one.</summary>
    public void WriteFirst<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("write_section");
        RefcountSpace<TRule> space = new(cpu.Read(First));
        space.Mm.WriteLock(cpu);
        RefcountVma vma = new(cpu.Read(space.Mm.MaRoot));
        if (vma.Address != 0)
        {
            space.StartWrite(cpu, vma);
            Markers.EnterWriter(cpu);
            Markers.LeaveWriter(cpu);
        }

        space.Mm.WriteUnlock(cpu);
        cpu.Leave();
    }

    public void UnmapFirst<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => new RefcountSpace<TRule>(cpu.Read(First)).Munmap(cpu);

    /// <summary>Maps the range in the second address space, with the VMA that was freed last.</summary>
    public void MapSecond<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => new RefcountSpace<TRule>(cpu.Read(Second)).Mmap(cpu, Start, End);

    /// <summary>Hammered: unmaps the range in the first address space and maps it again.</summary>
    public void RemapFirst<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        RefcountSpace<TRule> space = new(cpu.Read(First));
        space.Munmap(cpu);
        space.Mmap(cpu, Start, End);
    }

    /// <summary>Hammered: maps the range in the second address space and unmaps it again.</summary>
    public void RemapSecond<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MapSecond(cpu);
        new RefcountSpace<TRule>(cpu.Read(Second)).Munmap(cpu);
    }

    /// <summary>Hammered: lets the VMA go from one address space to the other and back.</summary>
    public void Recycle<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        UnmapFirst(cpu);
        RemapSecond(cpu);
        new RefcountSpace<TRule>(cpu.Read(First)).Mmap(cpu, Start, End);
    }

    /// <summary>Unmaps the second address space and gives it up.</summary>
    public void ExitSecond<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint second = cpu.Read(Second);
        if (second != 0)
        {
            new RefcountSpace<TRule>(second).Munmap(cpu);
            new RefcountMm(second).Drop(cpu);
            cpu.Write(Second, (nint)0);
        }
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        CheckIdle(cpu, cpu.Read(First));
        CheckIdle(cpu, cpu.Read(Second));
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        UnmapFirst(cpu);
        new RefcountMm(cpu.Read(First)).Drop(cpu);
        ExitSecond(cpu);
    }

    private static void CheckIdle<TCpu>(TCpu cpu, nint space) where TCpu : struct, ICpu
    {
        nint vma = space == 0 ? 0 : cpu.Read(new RefcountMm(space).MaRoot);
        if (vma != 0)
        {
            cpu.Require(cpu.ReadOnce(new RefcountVma(vma).VmRefcnt) == 1, "an idle VMA has one reference");
            cpu.Require(cpu.ReadOnce(new RefcountVma(vma).VmMm) == space, "a mapped VMA belongs to its space");
        }
    }
}
