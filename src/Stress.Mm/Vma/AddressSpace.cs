using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The operations on one address space under per-VMA locks, v6.12 unless the rule says otherwise.</summary>
/// <remarks>
/// Not modelled: signals (every killable wait is taken to its end), files, memory control groups, transparent huge
/// pages, swap, reverse mapping, reclaim, the TLB. Instead of a TLB that is flushed, user space writes under the lock
/// of its page table (see <see cref="UserWrite"/>), so no stale translation can outlive the change of a PTE.
/// Where the layout's lock is a reference count, locking is that of v6.15 (<see cref="RefcountSpace{TRule}"/>), the rule
/// has no say in it, and userfaultfd moves are not modelled.
/// </remarks>
/// <typeparam name="TLayout">Where the VMA lock is.</typeparam>
/// <typeparam name="TRule">The version, or the mutant.</typeparam>
/// <param name="mm">Address of the <see cref="MmStruct"/>.</param>
/// <param name="rcu">Address of the <see cref="Rcu"/> that frees VMAs, nodes and tables.</param>
public readonly partial struct AddressSpace<TLayout, TRule>(nint mm, nint rcu)
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    /// <summary>CPUs whose part of the resident set can be counted.</summary>
    public const int MaxCpus = 256;

    /// <summary>The address space.</summary>
    public MmStruct Mm => new(mm);

    // The space of a layout whose lock is a reference count. Its tree is ours.
    private RefcountSpace<V615> Counted => new(mm);

    /// <summary>What frees after a grace period.</summary>
    public Rcu Rcu => new(rcu);

    /// <summary>The tree of VMAs as the holder of mmap_lock sees it: <c>rcu_dereference_protected</c>.</summary>
    public MapleNode Tree<TCpu>(TCpu cpu) where TCpu : struct, ICpu => new(cpu.Read(Mm.MaRoot));

    /// <summary>Publishes another tree and frees the old one after a grace period.</summary>
    /// <remarks>Context: mmap_lock for writing.</remarks>
    private void Publish<TCpu>(TCpu cpu, MapleNode tree) where TCpu : struct, ICpu
    {
        MapleNode old = Tree(cpu);

        // Release, pairs with the Dereference in LockVmaUnderRcu: whoever finds the node finds it complete.
        cpu.StoreRelease(Mm.MaRoot, tree.Address);
        if (old.Address != 0)
        {
            Rcu.Call(cpu, old.Rcu, VmaReclaim<TLayout>.FreeNode);
        }
    }

    /// <summary>Finds the first VMA that ends behind an address: <c>find_vma</c>.</summary>
    /// <returns>Address 0 when there is none.</returns>
    /// <remarks>Context: mmap_lock in any mode.</remarks>
    public VmAreaStruct<TLayout> FindVma<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        MapleNode tree = Tree(cpu);
        return new(tree.Address == 0 ? 0 : tree.Find(cpu, address));
    }

    /// <summary>Finds the VMA of an address: <c>vma_lookup</c>.</summary>
    /// <returns>Address 0 when there is none.</returns>
    /// <remarks>Context: mmap_lock in any mode.</remarks>
    public VmAreaStruct<TLayout> LookupVma<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        MapleNode tree = Tree(cpu);
        return new(tree.Address == 0 ? 0 : tree.Walk(cpu, address));
    }
}
