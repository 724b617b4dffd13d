using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Mm.Faults;

/// <summary>A page table of full size with its descriptor, <c>struct ptdesc</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field       written by       read by
///     40      4  Lock        -                -
///     64   4096  FirstEntry  holder of Lock   the task of the slice
/// </code>
/// In the kernel the two lie in different places; both belong to one thread here, as a slice is what a table covers.
/// </remarks>
public readonly struct PteTable(nint at) : IHandle
{
    /// <summary>Entries of a table.</summary>
    public const int Entries = 512;

    /// <summary>Bytes of address space that a table covers.</summary>
    public const ulong Span = Entries * Pte.PageBytes;

    /// <summary>Where tables come from.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<PteTable>("pte_table", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 64 + (8 * Entries);

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Guards the entries (<c>ptl</c>).</summary>
    public QueuedSpinLock Lock => new(at + 40, VmaLockClasses.PteLock);

    /// <summary>Entry 0.</summary>
    public AtomicU64 FirstEntry => new(at + 64);

    /// <summary>An entry.</summary>
    /// <param name="index">From 0 to <see cref="Entries"/> less one.</param>
    public AtomicU64 Entry(long index) => new(at + 64 + (8 * (nint)index));
}

/// <summary>The upper levels of the page tables: an entry of each that all threads read.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by  read by
///      0      8  Pgd    Prepare     every fault
///     64      8  Pud    Prepare     every fault
/// </code>
/// </remarks>
public readonly struct UpperTables(nint at) : IHandle
{
    /// <summary>Each on lines of its own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<UpperTables>("pgd_pud", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 128;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The entry that leads to <see cref="Pud"/>.</summary>
    public PlainPtr Pgd => new(at);

    /// <summary>The entry that leads to the pmd entries.</summary>
    public PlainPtr Pud => new(at + 64);
}

/// <summary>A task's slice of the mapping: its pmd entry, and how far it has come.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by               read by
///      0      8  Pmd       holder of page_table_lock  the task
///     64      8  Next      the task                   the task
///     72      8  Touched   the task                   Audit
///     80    128  Contents  Prepare                    the task
/// </code>
/// Slices lie gigabytes apart, so their pmd entries have lines of their own.
/// </remarks>
public readonly partial struct FaultSlice(nint at) : IHandle
{
    /// <summary>Contents that a slice has for its pages.</summary>
    public const int ContentPages = 16;

    /// <summary>Each on lines of its own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<FaultSlice>("slice", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 256;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The pmd entry: a <see cref="PteTable"/>, or 0.</summary>
    public AtomicPtr Pmd => new(at);

    /// <summary>The page that is touched next: so many are mapped.</summary>
    public PlainS64 Next => new(at + 64);

    /// <summary>Pages touched in all.</summary>
    public PlainS64 Touched => new(at + 72);

    /// <summary>The first content.</summary>
    public PlainPtr FirstContent => new(at + 80);

    /// <summary>The content that stands for that of a page: a <see cref="PageContent"/>, or 0.</summary>
    public PlainPtr Content(long page) => new(at + 80 + (8 * (nint)(page % ContentPages)));
}
