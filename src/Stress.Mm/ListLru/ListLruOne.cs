using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>The list of one control group on one node (<c>struct list_lru_one</c>).</summary>
/// <remarks>
/// <code>
/// offset  bytes  field    written by                   read by
///      0     16  List     holder of the lock           holder of the lock
///     16      8  NrItems  holder of the lock           anybody
///     24      4  Lock     see QueuedSpinLock           anybody (v6.13 and later)
/// </code>
/// The lock is that of the node until v6.12, and the list's own since v6.13. Until v6.12 NrItems may be negative for a
/// moment, as an item may be counted off the parent's list before it is moved there.
/// Source: <c>include/linux/list_lru.h</c>, v6.12 and v6.18.
/// </remarks>
public readonly partial struct ListLruOne(nint at) : IHandle
{
    /// <summary>Value of <see cref="NrItems"/> on a list that was moved and will be freed.</summary>
    public const long Dead = long.MinValue;

    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The items, least recently added first.</summary>
    public ListHead List => new(at);

    /// <summary>How many there are, or <see cref="Dead"/>.</summary>
    public AtomicS64 NrItems => new(at + 16);

    /// <summary>Guards the list, since v6.13.</summary>
    public QueuedSpinLock Lock => new(at + 24, ListLruLocks.One);

    /// <summary>Makes an empty list (<c>init_one_lru</c>).</summary>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        List.Initialize(cpu);
        cpu.Write(NrItems, 0L);
        Lock.Initialize(cpu);
    }

    /// <summary>Changes the count; the caller holds the lock. Plain: only counts are read without it.</summary>
    /// <returns>The count before.</returns>
    public long Count<TCpu>(TCpu cpu, long change) where TCpu : struct, ICpu
    {
        long before = cpu.Read(NrItems);
        cpu.Write(NrItems, before + change);
        return before;
    }

    /// <summary>Takes an item off the list, for an isolate callback (<c>list_lru_isolate</c>).</summary>
    public void Isolate<TCpu>(TCpu cpu, ListHead item) where TCpu : struct, ICpu
    {
        item.Delete(cpu);
        item.Initialize(cpu);
        Count(cpu, -1);
    }
}
