using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Mm.Faults;

/// <summary>A page table and its <c>struct ptdesc</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field        written by
///     40      4  Lock         see <see cref="QueuedSpinLock"/>
///     64   4096  FirstEntry   holder of Lock: 512 entries
/// </code>
/// The kernel has the two in different places; both belong to one thread here, as its slice is what the table covers.
/// </remarks>
/// <param name="at">Address of the ptdesc.</param>
public readonly struct PteTable(nint at) : IHandle
{
    /// <summary>Entries of a table.</summary>
    public const int Entries = 512;

    /// <summary>Tables and their descriptors.</summary>
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
    public AtomicU64 Entry(long index) => new(at + 64 + (8 * (nint)index));
}

/// <summary>The upper levels of the page tables: two that all threads read, and an entry for each thread's slice.
/// </summary>
/// <remarks>
/// <code>
/// offset  bytes  field    line  written by                     read by
///      0      8  Pgd         0  nobody                         every fault
///     64      8  Pud         1  nobody                         every fault
/// </code>
/// </remarks>
/// <param name="at">Address.</param>
public readonly struct UpperTables(nint at) : IHandle
{
    /// <summary>On lines of their own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<UpperTables>("pgd_pud", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 128;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The entry that leads to <see cref="Pud"/>.</summary>
    public PlainPtr Pgd => new(at);

    /// <summary>The entry that leads to the table of pmd entries.</summary>
    public PlainPtr Pud => new(at + 64);
}

/// <summary>A thread's slice of the mapping: its pmd entry, and how far it has come.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                                      read by
///      0      8  Pmd    holder of page_table_lock                       the thread
///      8      8  Next   the thread                                      the thread
///     16      8  Data   nobody                                          the thread
/// </code>
/// In the kernel the entries of different slices lie far apart, so each has a line of its own.
/// </remarks>
/// <param name="at">Address.</param>
public readonly struct FaultSlice(nint at) : IHandle
{
    /// <summary>On lines of their own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<FaultSlice>("slice", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The pmd entry: a <see cref="PteTable"/>, or 0.</summary>
    public AtomicPtr Pmd => new(at);

    /// <summary>The page that is touched next.</summary>
    public PlainS64 Next => new(at + 8);

    /// <summary>The page whose contents stand for those of all pages of the slice.</summary>
    public PlainPtr Data => new(at + 16);
}
