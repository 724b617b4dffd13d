using System;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>The quota of one hugetlbfs mount (<c>struct hugepage_subpool</c>). At address 0: no quota.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field      written by       read by
///      0      4  Lock       see QueuedSpinLock
///      8      8  count      not modelled
///     16      8  MaxHpages  once             anybody
///     24      8  UsedHpages holder of Lock   holder of Lock
///     32      8  hstate     not modelled
///     40      8  MinHpages  once             anybody
///     48      8  RsvHpages  holder of Lock   holder of Lock
///     56      8  Hoped      holder of Lock   holder of Lock
/// </code>
/// Invariants: 0 &lt;= RsvHpages &lt;= MinHpages when there is a minimum; UsedHpages &lt;= MaxHpages when there is a
/// maximum.
/// Deviation: no kernel has Hoped. It stays 0 but for the rules that count it; there RsvHpages is never less than what
/// UsedHpages - Hoped leaves of MinHpages, whatever becomes of the pages that are hoped for.
/// Source: <c>mm/hugetlb.c</c>, v6.12.
/// </remarks>
public readonly partial struct HugepageSubpool(nint at) : IHandle
{
    /// <summary>Value of <see cref="MaxHpages"/> and <see cref="MinHpages"/> for: none.</summary>
    public const long None = -1;

    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Guards the counts; taken with interrupts off; a leaf.</summary>
    public QueuedSpinLock Lock => new(at, HugetlbLocks.Subpool);

    /// <summary>Most pages that may be in use or reserved; <see cref="None"/> for any number.</summary>
    public PlainS64 MaxHpages => new(at + 16);

    /// <summary>Pages in use or reserved; counted only where there is a maximum.</summary>
    public PlainS64 UsedHpages => new(at + 24);

    /// <summary>Pages that the mount is guaranteed; <see cref="None"/> for no guarantee.</summary>
    public PlainS64 MinHpages => new(at + 40);

    /// <summary>Pages of the guarantee that are left: reserved in the pool already.</summary>
    public PlainS64 RsvHpages => new(at + 48);

    /// <summary>Pages among <see cref="UsedHpages"/> that the pool was asked for and has not given yet.</summary>
    public PlainS64 Hoped => new(at + 56);

    /// <summary>Makes a quota; its guarantee must be reserved in the pool by the caller.</summary>
    public void Initialize<TCpu>(TCpu cpu, long max, long min) where TCpu : struct, ICpu
    {
        Lock.Initialize(cpu);
        cpu.Write(MaxHpages, max);
        cpu.Write(UsedHpages, 0L);
        cpu.Write(MinHpages, min);
        cpu.Write(RsvHpages, Math.Max(min, 0));
        cpu.Write(Hoped, 0L);
    }

    /// <summary>Takes pages from the quota (<c>hugepage_subpool_get_pages</c>).</summary>
    /// <param name="pages">How many; at least 0.</param>
    /// <param name="countsHoped">Whether those that the pool must give are counted in <see cref="Hoped"/>, until
    /// <see cref="Settle"/> or <see cref="CorrectUsed"/>.</param>
    /// <returns>How many of them the pool must still reserve; <see cref="Errno.NoMemory"/> above the maximum.</returns>
    public long Get<TCpu>(TCpu cpu, long pages, bool countsHoped = false) where TCpu : struct, ICpu
    {
        if (at == 0)
        {
            return pages;
        }

        cpu.Enter("hugepage_subpool_get_pages", pages);
        long global = pages;
        Lock.AcquireIrq(cpu);
        long max = cpu.Read(MaxHpages);
        if (max != None)
        {
            long used = cpu.Read(UsedHpages) + pages;
            if (used > max)
            {
                Lock.ReleaseIrq(cpu);
                cpu.Leave(Errno.NoMemory);
                return Errno.NoMemory;
            }

            cpu.Write(UsedHpages, used);
        }

        long left = cpu.Read(MinHpages) == None ? 0 : cpu.Read(RsvHpages);
        if (left > 0)
        {
            long own = Math.Min(left, pages);
            cpu.Write(RsvHpages, left - own);
            global -= own;
        }

        if (countsHoped)
        {
            cpu.Write(Hoped, cpu.Read(Hoped) + global);
        }

        Lock.ReleaseIrq(cpu);
        cpu.Leave(global);
        return global;
    }

    /// <summary>Gives pages back to the quota (<c>hugepage_subpool_put_pages</c>).</summary>
    /// <returns>How many of them the guarantee does not keep: the pool must release their reservations.</returns>
    public long Put<TCpu>(TCpu cpu, long pages) where TCpu : struct, ICpu
    {
        if (at == 0)
        {
            return pages;
        }

        cpu.Enter("hugepage_subpool_put_pages", pages);
        long surplus = pages;
        Lock.AcquireIrq(cpu);
        long used = cpu.Read(UsedHpages);
        if (cpu.Read(MaxHpages) != None)
        {
            used -= pages;
            cpu.Write(UsedHpages, used);
        }

        long min = cpu.Read(MinHpages);
        if (min != None && used - cpu.Read(Hoped) < min)
        {
            long left = cpu.Read(RsvHpages) + pages;
            surplus = Math.Max(left - min, 0);
            cpu.Write(RsvHpages, Math.Min(left, min));
        }

        Lock.ReleaseIrq(cpu);
        cpu.Leave(surplus);
        return surplus;
    }

    /// <summary>Takes pages out of <see cref="UsedHpages"/> that the pool could not give.</summary>
    public void CorrectUsed<TCpu>(TCpu cpu, long pages, bool countsHoped = false) where TCpu : struct, ICpu
    {
        if (at == 0 || pages == 0)
        {
            return;
        }

        Lock.AcquireIrq(cpu);
        if (cpu.Read(MaxHpages) != None)
        {
            cpu.Write(UsedHpages, cpu.Read(UsedHpages) - pages);
        }

        if (countsHoped)
        {
            cpu.Write(Hoped, cpu.Read(Hoped) - pages);
        }

        Lock.ReleaseIrq(cpu);
    }

    /// <summary>Says that the pool has given pages that were hoped for.</summary>
    public void Settle<TCpu>(TCpu cpu, long pages) where TCpu : struct, ICpu
    {
        if (at == 0 || pages == 0)
        {
            return;
        }

        Lock.AcquireIrq(cpu);
        cpu.Write(Hoped, cpu.Read(Hoped) - pages);
        Lock.ReleaseIrq(cpu);
    }
}
