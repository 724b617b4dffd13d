using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

public readonly partial struct ListLru<TRule>
{
    /// <summary>What is found when an id that is not one is used as an index.</summary>
    public const string IndexOutside = "UBSAN: array-index-out-of-bounds in memcg_lrus->lrus[index]";

    /// <summary>Sees to it that a group and its ancestors have lists (<c>memcg_list_lru_alloc</c>; in the series
    /// <c>list_lru_memcg_alloc</c>).</summary>
    /// <param name="memcg">The caller holds a reference.</param>
    /// <returns>0, or <see cref="Errno.NoMemory"/>.</returns>
    /// <remarks>Context: may sleep, if the caller of the allocation may.</remarks>
    public long AllocLists<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        cpu.Enter("memcg_list_lru_alloc");
        long result = 0;
        if (!TRule.IsEager && !HasLists(cpu, memcg))
        {
            result = TRule.HasListLocks ? PopulateTopDown(cpu, memcg) : CollectAndInstall(cpu, memcg);
        }

        cpu.Leave(result);
        return result;
    }

    // memcg_list_lru_allocated; memcg_list_lru_skip_alloc.
    private bool HasLists<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        int id = memcg.Id(cpu);
        if (id < 0)
        {
            return true;
        }

        cpu.RcuReadLock();
        ListLruArray array = new(cpu.Dereference(MemcgLrus));

        // Relaxed: only whether it is there. It is asked again under the lock.
        bool hasLists = cpu.ReadOnce(array.Slot(id)) != 0;
        cpu.RcuReadUnlock();
        return hasLists;
    }

    private long CollectAndInstall<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        ListLruTable table = new(cpu.Alloc(ListLruTable.Cache));
        if (table.Address == 0)
        {
            return Errno.NoMemory;
        }

        int count = 0;
        while (memcg.Address != 0 && !HasLists(cpu, memcg))
        {
            ListLruMemcg lists = ListLruMemcg.Create(cpu);
            if (lists.Address == 0)
            {
                FreeTable(cpu, table, count);
                return Errno.NoMemory;
            }

            cpu.Write(table.Lists(count), lists.Address);
            cpu.Write(table.Memcg(count), memcg.Address);
            count++;
            memcg = new MemCgroup(cpu.Read(memcg.Parent));
        }

        if (TRule.InstallsAncestorsFirst)
        {
            InstallAll(cpu, table, count);
        }
        else
        {
            InstallEach(cpu, table, count);
        }

        cpu.Free(ListLruTable.Cache, table.Address);
        return 0;
    }

    // Collected upwards, so installed from the top down.
    private void InstallAll<TCpu>(TCpu cpu, ListLruTable table, int count) where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);
        while (count > 0)
        {
            count--;
            Install(cpu, table, count);
        }

        Lock.ReleaseIrq(cpu);
    }

    private void InstallEach<TCpu>(TCpu cpu, ListLruTable table, int count) where TCpu : struct, ICpu
    {
        for (int entry = 0; entry < count; entry++)
        {
            Lock.AcquireIrq(cpu);
            Install(cpu, table, entry);
            Lock.ReleaseIrq(cpu);
        }
    }

    // The id may have changed since the lists were collected. Context: Lock held.
    private void Install<TCpu>(TCpu cpu, ListLruTable table, int entry) where TCpu : struct, ICpu
    {
        nint lists = cpu.Read(table.Lists(entry));
        int id = new MemCgroup(cpu.Read(table.Memcg(entry))).Id(cpu);
        if (TRule.TestsIndexUnderLock && id < 0)
        {
            cpu.Free(ListLruMemcg.Cache, lists);
            return;
        }

        cpu.BugOn(id < 0, IndexOutside);
        AtomicPtr slot = new ListLruArray(cpu.Read(MemcgLrus)).Slot(id);
        if (cpu.Read(slot) != 0)
        {
            cpu.Free(ListLruMemcg.Cache, lists);
        }
        else
        {
            Publish(cpu, slot, lists);
        }
    }

    private static void Publish<TCpu>(TCpu cpu, AtomicPtr slot, nint lists) where TCpu : struct, ICpu
    {
        if (TRule.PublishesLists)
        {
            // Release, pairs with the Dereference of the slot in FromIndex: the lists are seen empty, not as garbage.
            cpu.StoreRelease(slot, lists);
        }
        else
        {
            cpu.Write(slot, lists);
        }
    }

    // v6.13 and later: the highest ancestor that lacks lists gets them first, one at a time.
    private long PopulateTopDown<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        ListLruMemcg lists = default;
        MemCgroup pos;
        do
        {
            pos = memcg;
            MemCgroup parent = new(cpu.Read(pos.Parent));
            while (!HasLists(cpu, parent))
            {
                pos = parent;
                parent = new MemCgroup(cpu.Read(pos.Parent));
            }

            if (lists.Address == 0)
            {
                lists = ListLruMemcg.Create(cpu);
                if (lists.Address == 0)
                {
                    return Errno.NoMemory;
                }
            }

            if (StoreUnlessDying(cpu, pos, lists))
            {
                lists = default;
            }
        }
        while (pos.Address != memcg.Address && !pos.IsDying(cpu));

        if (lists.Address != 0)
        {
            cpu.Free(ListLruMemcg.Cache, lists.Address);
        }

        return 0;
    }

    // A dying group keeps no lists: whoever moves them takes the lock after the group was marked.
    private bool StoreUnlessDying<TCpu>(TCpu cpu, MemCgroup memcg, ListLruMemcg lists) where TCpu : struct, ICpu
    {
        int id = memcg.Id(cpu);
        Lock.AcquireIrq(cpu);
        AtomicPtr slot = new ListLruArray(cpu.Read(MemcgLrus)).Slot(id);
        bool isStored = cpu.Read(slot) == 0 && !memcg.IsDying(cpu);
        if (isStored)
        {
            Publish(cpu, slot, lists.Address);
        }

        Lock.ReleaseIrq(cpu);
        return isStored;
    }

    private static void FreeTable<TCpu>(TCpu cpu, ListLruTable table, int count) where TCpu : struct, ICpu
    {
        while (count > 0)
        {
            count--;
            cpu.Free(ListLruMemcg.Cache, cpu.Read(table.Lists(count)));
        }

        cpu.Free(ListLruTable.Cache, table.Address);
    }
}
