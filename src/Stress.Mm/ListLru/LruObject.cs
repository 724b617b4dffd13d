using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>An object that has a place on a list_lru, such as a dentry or an inode, and what the slab knows of it.
/// </summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by                      read by
///      0     16  Lru     holder of the list's lock       the same
///     16      8  Objcg   once                            anybody who may use the object
///     24      4  Lock    see QueuedSpinLock              anybody who may use the object
///     28      4  Nid     once                            anybody who may use the object
///     32      8  Traits  the object's users              the same, isolate callbacks
/// </code>
/// Deviation: owner and node lie in the object; in the kernel they are found by its slab.
/// Source: <c>mm/slub.c</c>, <c>fs/inode.c</c>, v6.12.
/// </remarks>
public readonly partial struct LruObject(nint at) : IHandle
{
    /// <summary>The objects.</summary>
    public static readonly SlabCache Cache = SlabCache.For<LruObject>("lru_object");

    /// <inheritdoc/>
    public static int Bytes => 40;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Place on a list; empty when on none.</summary>
    public ListHead Lru => new(at);

    /// <summary>The <see cref="ObjCgroup"/> that it is charged to; 0 for none.</summary>
    public PlainPtr Objcg => new(at + 16);

    /// <summary>The object's own lock: outside of those of lists.</summary>
    public QueuedSpinLock Lock => new(at + 24, ListLruLocks.Object);

    /// <summary>The node that its memory is of.</summary>
    public PlainU32 Nid => new(at + 28);

    /// <summary>Whatever its users want to note.</summary>
    public AtomicU64 Traits => new(at + 32);

    /// <summary>Makes an object that is on no list (<c>inode_init_once</c>).</summary>
    public void Initialize<TCpu>(TCpu cpu, ObjCgroup objcg, int nid) where TCpu : struct, ICpu
    {
        Lru.Initialize(cpu);
        cpu.Write(Objcg, objcg.Address);
        Lock.Initialize(cpu);
        cpu.Write(Nid, (uint)nid);
        cpu.Write(Traits, 0ul);
    }
}
