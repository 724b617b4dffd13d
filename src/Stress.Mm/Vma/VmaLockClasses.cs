using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The lock classes of an address space: one for each place in the kernel that initialises such a lock.</summary>
/// <remarks>Order, outermost first: mmap_lock, vm_lock, anon_vma, page_table_lock, ptl. While a vm_lock is held for
/// reading, mmap_lock may only be tried.</remarks>
public static class VmaLockClasses
{
    /// <summary><c>mm_struct.mmap_lock</c>.</summary>
    public static LockClass MmapLock { get; } = new("mmap_lock");

    /// <summary><c>vma_lock.lock</c>: all VMAs share one class.</summary>
    public static LockClass VmLock { get; } = new("vm_lock");

    /// <summary><c>mm_struct.page_table_lock</c>.</summary>
    public static LockClass PageTableLock { get; } = new("page_table_lock");

    /// <summary>The lock of one page table, <c>ptdesc.ptl</c>.</summary>
    public static LockClass PteLock { get; } = new("ptlock");

    /// <summary><c>anon_vma.rwsem</c>.</summary>
    public static LockClass AnonVma { get; } = new("anon_vma->rwsem");
}
