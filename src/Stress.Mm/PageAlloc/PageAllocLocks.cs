using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <summary>The lock classes of the page allocator.</summary>
/// <remarks>Order: <see cref="PcpDisable"/>, then <see cref="Pcp"/>, then <see cref="Zone"/>, a leaf. The locks of two
/// zones are never held together. Source: <c>mm/page_alloc.c</c>, v6.12.</remarks>
public static class PageAllocLocks
{
    /// <summary><c>zone->lock</c>: free lists, types of pageblocks, counts; interrupts off.</summary>
    public static readonly LockClass Zone = new("&zone->lock");

    /// <summary><c>pcp->lock</c>: the lists of one CPU for one zone.</summary>
    public static readonly LockClass Pcp = new("&pcp->lock");

    /// <summary><c>pcp_batch_high_lock</c>: held for as long as the per-CPU lists are disabled.</summary>
    public static readonly LockClass PcpDisable = new("pcp_batch_high_lock");
}
