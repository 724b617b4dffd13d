using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>The lock classes of the hugetlb models.</summary>
/// <remarks>
/// The first three are never nested: each is dropped before the next is taken. They are leaves, also under the fault
/// mutex. Source: <c>mm/hugetlb.c</c>, v6.12.
/// </remarks>
public static class HugetlbLocks
{
    /// <summary><c>resv_map.lock</c>: a plain spin lock, never taken with interrupts off.</summary>
    public static readonly LockClass ResvMap = new("resv_map.lock");

    /// <summary><c>hugepage_subpool.lock</c>: taken with interrupts off, since pages are freed in any context.
    /// </summary>
    public static readonly LockClass Subpool = new("subpool.lock");

    /// <summary><c>hugetlb_lock</c>: global; taken with interrupts off, since pages are freed in any context.</summary>
    public static readonly LockClass Pool = new("hugetlb_lock");

    /// <summary><c>hugetlb_fault_mutex_table[i]</c>: serialises the faults on one page of one file.</summary>
    public static readonly LockClass FaultMutex = new("hugetlb_fault_mutex");
}
