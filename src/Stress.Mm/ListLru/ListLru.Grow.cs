using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

public readonly partial struct ListLru<TRule>
{
    /// <summary>Replaces the array of slots by a larger one (<c>memcg_update_list_lru</c>).</summary>
    /// <param name="rcu">Whose worker frees the old one.</param>
    /// <param name="oldSlots">Slots that there are.</param>
    /// <param name="newSlots">Slots that there are to be.</param>
    /// <returns>Whether there was memory.</returns>
    /// <remarks>Context: list_lrus_mutex.</remarks>
    public bool Grow<TCpu>(TCpu cpu, Rcu rcu, int oldSlots, int newSlots) where TCpu : struct, ICpu
    {
        cpu.Enter("memcg_update_list_lru", oldSlots, newSlots);
        ListLruArray old = new(cpu.Read(MemcgLrus));
        ListLruArray made = ListLruArray.Create(cpu, newSlots);
        if (made.Address == 0 || (TRule.IsEager && !Fill(cpu, made, oldSlots, newSlots)))
        {
            if (made.Address != 0)
            {
                cpu.Free(ListLruArray.Cache(newSlots), made.Address);
            }

            cpu.Leave(Errno.NoMemory);
            return false;
        }

        if (TRule.GrowsUnderLock)
        {
            Lock.AcquireIrq(cpu);
        }

        for (int id = 0; id < oldSlots; id++)
        {
            // Relaxed: an installer holds the lock; eager slots do not change.
            cpu.Write(made.Slot(id), cpu.ReadOnce(old.Slot(id)));
        }

        // Release, pairs with the Dereference of MemcgLrus: the slots are seen.
        cpu.StoreRelease(MemcgLrus, made.Address);
        if (TRule.GrowsUnderLock)
        {
            Lock.ReleaseIrq(cpu);
        }

        rcu.Call(cpu, old.Rcu, oldSlots == ListLruArray.FewSlots ? MemcgCallback.FreeFew : MemcgCallback.FreeMany);
        cpu.Leave(0);
        return true;
    }

    // memcg_init_list_lru_range
    private static bool Fill<TCpu>(TCpu cpu, ListLruArray array, int begin, int end) where TCpu : struct, ICpu
    {
        for (int id = begin; id < end; id++)
        {
            ListLruMemcg lists = ListLruMemcg.Create(cpu);
            if (lists.Address == 0)
            {
                FreeRange(cpu, array, end);
                return false;
            }

            // Plain: nobody knows the array yet.
            cpu.Write(array.Slot(id), lists.Address);
        }

        return true;
    }

    // memcg_destroy_list_lru_range
    private static void FreeRange<TCpu>(TCpu cpu, ListLruArray array, int slots) where TCpu : struct, ICpu
    {
        for (int id = 0; id < slots; id++)
        {
            nint lists = cpu.Read(array.Slot(id));
            if (lists != 0)
            {
                cpu.Free(ListLruMemcg.Cache, lists);
            }
        }
    }
}
