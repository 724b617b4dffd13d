using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The whole tree of VMAs in one leaf: the kernel's <c>struct maple_range_64</c>, never changed once it is
/// published.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by                read by
///      0      8  Parent  not used here
///      8     16  Rcu     call_rcu                  the RCU worker; overlays the first two pivots
///      8    120  Pivot   whoever builds the node   anybody, under RCU or mmap_lock
///    128    120  Slot    whoever builds the node   anybody, under RCU or mmap_lock
///    248      1  End     whoever builds the node   anybody, under RCU or mmap_lock
/// </code>
/// Slot i holds the VMA of the addresses above pivot i - 1 up to and including pivot i, or 0; the last used slot,
/// number End, reaches to the end of all addresses.
/// Deviation: the kernel changes nodes in place where it can and grows a tree of them; here each store copies the
/// node, publishes the copy and frees the old one after a grace period, so 15 ranges, gaps included, is the most.
/// </remarks>
public readonly partial struct MapleNode(nint at) : IHandle
{
    /// <summary>Ranges that a node has room for.</summary>
    public const int Slots = 15;

    /// <summary>The kernel's cache of them.</summary>
    public static SlabCache Cache { get; } = SlabCache.For<MapleNode>("maple_node", SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 256;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The node above.</summary>
    public PlainPtr Parent => new(at);

    /// <summary>What queues the node for its grace period.</summary>
    public RcuHead Rcu => new(at + 8);

    /// <summary>First pivot.</summary>
    public PlainU64 FirstPivot => new(at + 8);

    /// <summary>First slot.</summary>
    public PlainPtr FirstSlot => new(at + 128);

    /// <summary>Number of the last used slot.</summary>
    public PlainU8 End => new(at + 248);

    /// <summary>Last address of a range.</summary>
    /// <param name="index">From 0 to <see cref="Slots"/> less one.</param>
    public PlainU64 Pivot(int index) => new(at + 8 + (8 * index));

    /// <summary>What a range holds.</summary>
    /// <param name="index">From 0 to <see cref="Slots"/> less one.</param>
    public PlainPtr Slot(int index) => new(at + 128 + (8 * index));

    /// <summary>Finds what covers an address: <c>mas_walk</c>.</summary>
    /// <returns>A VMA, or 0.</returns>
    /// <remarks>Context: RCU, or mmap_lock in any mode. Cost: O(ranges).</remarks>
    public nint Walk<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        int end = cpu.Read(End);
        int i = 0;
        while (i < end && address > cpu.Read(Pivot(i)))
        {
            i++;
        }

        return cpu.Read(Slot(i));
    }

    /// <summary>Finds the first VMA that ends behind an address: <c>mas_find</c>.</summary>
    /// <returns>A VMA, or 0.</returns>
    /// <remarks>Context: mmap_lock in any mode. Cost: O(ranges).</remarks>
    public nint Find<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        int end = cpu.Read(End);
        for (int i = 0; i <= end; i++)
        {
            if (i < end && address > cpu.Read(Pivot(i)))
            {
                continue;
            }

            nint vma = cpu.Read(Slot(i));
            if (vma != 0)
            {
                return vma;
            }
        }

        return 0;
    }

    /// <summary>Finds the free room around an address: where the VMA before it ends, and the next one starts.</summary>
    /// <returns>First and last free address; the address must be free.</returns>
    public (ulong First, ulong Last) Gap<TCpu>(TCpu cpu, ulong address) where TCpu : struct, ICpu
    {
        int end = cpu.Read(End);
        ulong first = 0;
        for (int i = 0; i < end; i++)
        {
            ulong last = cpu.Read(Pivot(i));
            if (address <= last)
            {
                return (first, last);
            }

            first = last + 1;
        }

        return (first, ulong.MaxValue);
    }

    /// <summary>Copies this tree with one range replaced: <c>mas_store</c>, up to where it publishes.</summary>
    /// <param name="first">First address of the range.</param>
    /// <param name="last">Last address of the range.</param>
    /// <param name="entry">The VMA to put there; 0 to clear it.</param>
    /// <returns>The copy; address 0 without memory.</returns>
    /// <remarks>Context: mmap_lock for writing. This may be the empty tree, address 0.</remarks>
    public MapleNode CopyWith<TCpu>(TCpu cpu, ulong first, ulong last, nint entry) where TCpu : struct, ICpu
    {
        MapleNode copy = new(cpu.Alloc(Cache));
        if (copy.Address == 0)
        {
            return copy;
        }

        int end = at == 0 ? 0 : cpu.Read(End);
        int used = 0;
        ulong min = 0;
        for (int i = 0; i <= end; i++)
        {
            ulong max = i == end ? ulong.MaxValue : cpu.Read(Pivot(i));
            nint old = at == 0 ? 0 : cpu.Read(Slot(i));
            if (min < first)
            {
                used = copy.Append(cpu, used, max < first ? max : first - 1, old);
            }

            if (min <= first && first <= max)
            {
                used = copy.Append(cpu, used, last, entry);
            }

            if (max > last)
            {
                used = copy.Append(cpu, used, max, old);
            }

            min = max + 1;
        }

        cpu.Write(copy.End, (byte)(used - 1));
        return copy;
    }

    // Neighbouring ranges that hold the same become one: gaps beside gaps.
    private int Append<TCpu>(TCpu cpu, int used, ulong last, nint entry) where TCpu : struct, ICpu
    {
        int index = used > 0 && cpu.Read(Slot(used - 1)) == entry ? used - 1 : used;
        cpu.BugOn(index >= Slots, "the tree of VMAs has more ranges than one node holds");
        cpu.Write(Pivot(index), last);
        cpu.Write(Slot(index), entry);
        return index + 1;
    }
}
