using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The last level of the page tables: a table of entries with its descriptor, <c>struct ptdesc</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field       written by                        read by
///      0      8  PtFlags     not used here
///      8     16  PtRcu       call_rcu                          the RCU worker
///     40      4  Lock        -                                 -
///     64     64  FirstEntry  holder of Lock                    anybody, under RCU
/// </code>
/// Deviation: 8 entries and not 512, on the line behind the descriptor and not on a page of their own.
/// </remarks>
public readonly struct PageTable(nint at) : IHandle
{
    /// <summary>Entries of a table.</summary>
    public const int Entries = 8;

    /// <summary>Bytes of address space that a table covers.</summary>
    public const ulong Span = Entries * Pte.PageBytes;

    /// <summary>Where tables come from.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<PageTable>("page_table", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 128;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The descriptor's page flags.</summary>
    public PlainU64 PtFlags => new(at);

    /// <summary>What queues the table for its grace period.</summary>
    public RcuHead PtRcu => new(at + 8);

    /// <summary>Guards the entries (<c>ptl</c>).</summary>
    public QueuedSpinLock Lock => new(at + 40, VmaLockClasses.PteLock);

    /// <summary>First entry.</summary>
    public AtomicU64 FirstEntry => new(at + 64);

    /// <summary>The entry of an address.</summary>
    public AtomicU64 Entry(ulong address) => new(at + 64 + (8 * (nint)(address / Pte.PageBytes % Entries)));
}

/// <summary>All upper levels of the page tables in one: an entry for each <see cref="PageTable"/>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field       written by                        read by
///      0    512  FirstEntry  holder of mm.page_table_lock or,  anybody, under RCU
///                            to clear, of mmap_lock
/// </code>
/// Deviation: one level of 64 entries. So an address space has 512 pages, from address 0.
/// </remarks>
public readonly struct PageDirectory(nint at) : IHandle
{
    /// <summary>Entries of the directory.</summary>
    public const int Entries = 64;

    /// <summary>First address behind the space.</summary>
    public const ulong TaskSize = Entries * PageTable.Span;

    /// <summary>Where directories come from.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<PageDirectory>("pgd", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 512;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>First entry.</summary>
    public AtomicPtr FirstEntry => new(at);

    /// <summary>The entry of an address: the address of a <see cref="PageTable"/>, or 0.</summary>
    public AtomicPtr Entry(ulong address) => new(at + (8 * (nint)(address / PageTable.Span)));
}
