using System;
using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <content>Reservations, and the surplus pages that are made for them.</content>
public readonly partial struct HugetlbPool
{
    // Behind what the reservation map keeps on the stack: its list is not in use at the same time.
    private const int SurplusListOffset = 16;
    private const int UnusedListOffset = 32;

    /// <summary>Reserves pages, or releases reservations (<c>hugetlb_acct_memory</c>).</summary>
    /// <param name="delta">How many to reserve; negative: how many to release.</param>
    /// <returns>0, or <see cref="Errno.NoMemory"/>.</returns>
    /// <remarks>Context: may sleep; takes <see cref="Lock"/> and drops it to allocate and to free.</remarks>
    public long Account<TCpu>(TCpu cpu, long delta) where TCpu : struct, ICpu
    {
        if (delta == 0)
        {
            return 0;
        }

        cpu.Enter("hugetlb_acct_memory", delta);
        long result = 0;
        Lock.AcquireIrq(cpu);
        if (delta > 0)
        {
            result = GatherSurplus(cpu, delta);
        }
        else
        {
            ReturnUnused(cpu, -delta);
        }

        Lock.ReleaseIrq(cpu);
        cpu.Leave(result);
        return result;
    }

    /// <summary>Takes a page from the page allocator, within the limit (<c>alloc_surplus_hugetlb_folio</c>).</summary>
    /// <returns>The page, in no list; its address is 0 above the limit or without memory.</returns>
    /// <remarks>Context: may sleep; takes <see cref="Lock"/> twice.</remarks>
    public HugeFolio AllocateSurplus<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);
        bool isAllowed = cpu.Read(Surplus) < cpu.Read(Overcommit);
        Lock.ReleaseIrq(cpu);
        if (!isAllowed)
        {
            return new HugeFolio(0);
        }

        HugeFolio folio = HugeFolio.Create(cpu);
        if (folio.Address == 0)
        {
            return folio;
        }

        // Others may have used the limit up meanwhile: counted now, so that both numbers change together.
        Lock.AcquireIrq(cpu);
        cpu.Write(Pages, cpu.Read(Pages) + 1);
        long surplus = cpu.Read(Surplus);
        if (surplus >= cpu.Read(Overcommit))
        {
            folio.Set(cpu, HugeFolio.Temporary);
            Lock.ReleaseIrq(cpu);
            Free(cpu, folio);
            return new HugeFolio(0);
        }

        cpu.Write(Surplus, surplus + 1);
        Lock.ReleaseIrq(cpu);
        return folio;
    }

    // gather_surplus_pages: the lock is held, and held again at the end.
    private long GatherSurplus<TCpu>(TCpu cpu, long delta) where TCpu : struct, ICpu
    {
        long needed = cpu.Read(Reserved) + delta - cpu.Read(FreePages);
        if (needed <= 0)
        {
            cpu.Write(Reserved, cpu.Read(Reserved) + delta);
            return 0;
        }

        ListHead fresh = new(cpu.Current.Scratch + SurplusListOffset);
        fresh.Initialize(cpu);
        long allocated = 0;
        bool isEnough = false;
        bool isAllocated = true;
        while (!isEnough && isAllocated)
        {
            Lock.ReleaseIrq(cpu);
            long made = AllocateSurplusInto(cpu, fresh, needed);
            isAllocated = made == needed;
            allocated += made;
            Lock.AcquireIrq(cpu);

            // Both may have moved while the lock was free.
            needed = cpu.Read(Reserved) + delta - (cpu.Read(FreePages) + allocated);
            isEnough = needed <= 0;
        }

        if (isEnough)
        {
            // Reserved before they are free: nobody else can take them in between.
            cpu.Write(Reserved, cpu.Read(Reserved) + delta);
            EnqueueSome(cpu, fresh, needed + allocated);
        }

        Lock.ReleaseIrq(cpu);
        FreeAll(cpu, fresh);
        Lock.AcquireIrq(cpu);
        return isEnough ? 0 : Errno.NoMemory;
    }

    private long AllocateSurplusInto<TCpu>(TCpu cpu, ListHead fresh, long wanted) where TCpu : struct, ICpu
    {
        for (long i = 0; i < wanted; i++)
        {
            HugeFolio folio = AllocateSurplus(cpu);
            if (folio.Address == 0)
            {
                return i;
            }

            fresh.AddAfter(cpu, folio.Lru);
        }

        return wanted;
    }

    private void EnqueueSome<TCpu>(TCpu cpu, ListHead fresh, long count) where TCpu : struct, ICpu
    {
        nint folio = cpu.Read(fresh.Next);
        for (; count > 0 && folio != fresh.Address; count--)
        {
            nint next = cpu.Read(new ListHead(folio).Next);
            new ListHead(folio).Delete(cpu);
            Enqueue(cpu, new HugeFolio(folio));
            folio = next;
        }
    }

    private void FreeAll<TCpu>(TCpu cpu, ListHead fresh) where TCpu : struct, ICpu
    {
        nint folio = cpu.Read(fresh.Next);
        while (folio != fresh.Address)
        {
            nint next = cpu.Read(new ListHead(folio).Next);
            Free(cpu, new HugeFolio(folio));
            folio = next;
        }
    }

    // return_unused_surplus_pages: the lock is held, and held again at the end.
    private void ReturnUnused<TCpu>(TCpu cpu, long unused) where TCpu : struct, ICpu
    {
        cpu.Write(Reserved, cpu.Read(Reserved) - unused);
        long count = Math.Min(unused, cpu.Read(Surplus));
        if (count <= 0)
        {
            return;
        }

        ListHead removed = new(cpu.Current.Scratch + UnusedListOffset);
        removed.Initialize(cpu);
        nint folio = cpu.Read(FreeList.Next);
        for (; count > 0 && folio != FreeList.Address; count--)
        {
            nint next = cpu.Read(new ListHead(folio).Next);
            Remove(cpu, new HugeFolio(folio), isSurplus: true);
            removed.AddAfter(cpu, new ListHead(folio));
            folio = next;
        }

        Lock.ReleaseIrq(cpu);
        folio = cpu.Read(removed.Next);
        while (folio != removed.Address)
        {
            nint next = cpu.Read(new ListHead(folio).Next);
            cpu.Free(HugeFolio.Cache, folio);
            folio = next;
        }

        Lock.AcquireIrq(cpu);
    }
}
