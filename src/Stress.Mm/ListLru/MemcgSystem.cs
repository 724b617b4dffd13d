using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>All memory control groups, and what they share: locks, ids, the list of all list_lrus.</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <remarks>
/// <code>
/// offset  bytes  field          written by                          read by
///      0     64  Rcu            see Rcu
///     64     32  CgroupMutex    see Mutex
///     96     32  ListLrusMutex  see Mutex
///    128     40  CacheIdsSem    see RwSemaphore
///    168      4  ObjcgLock      see QueuedSpinLock
///    172      4  NrCacheIds     holder of CacheIdsSem for writing   holder of CacheIdsSem
///    176      8  Ids            anybody, atomically                 holder of CgroupMutex
///    184      8  Root           once                                anybody
///    192     16  Lrus           holder of ListLrusMutex             holder of ListLrusMutex
/// </code>
/// Ids: a bit for each id that is in use; the lowest free one is next, as from an <c>ida</c> or <c>idr</c>, whose lock
/// is left out. Source: <c>mm/memcontrol.c</c>, v6.12 and the versions that <typeparamref name="TRule"/> names.
/// </remarks>
public readonly partial struct MemcgSystem<TRule>(nint at) : IHandle
    where TRule : struct, IListLruRule
{
    /// <inheritdoc/>
    public static int Bytes => 208;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>What frees after a grace period.</summary>
    public Rcu Rcu => new(at);

    /// <summary>Guards the tree of groups; outermost.</summary>
    public Mutex CgroupMutex => new(at + 64, ListLruLocks.CgroupMutex);

    /// <summary>Guards <see cref="Lrus"/>.</summary>
    public Mutex ListLrusMutex => new(at + 96, ListLruLocks.ListLrusMutex);

    /// <summary>Guards <see cref="NrCacheIds"/>.</summary>
    public RwSemaphore CacheIdsSem => new(at + 128, ListLruLocks.CacheIdsSem);

    /// <summary>Guards the owners of object groups.</summary>
    public QueuedSpinLock ObjcgLock => new(at + 168, ListLruLocks.ObjcgLock);

    /// <summary>How many slots every list_lru has.</summary>
    public AtomicS32 NrCacheIds => new(at + 172);

    /// <summary>Which ids are in use.</summary>
    public AtomicU64 Ids => new(at + 176);

    /// <summary>The <see cref="MemCgroup"/> without a parent.</summary>
    public PlainPtr Root => new(at + 184);

    /// <summary>All list_lrus.</summary>
    public ListHead Lrus => new(at + 192);

    /// <summary>Makes a system with a root and one list_lru.</summary>
    /// <returns>Whether there was memory.</returns>
    public bool Initialize<TCpu>(TCpu cpu, ListLru<TRule> lru, int nodes) where TCpu : struct, ICpu
    {
        Rcu.Initialize(cpu);
        CgroupMutex.Initialize(cpu);
        ListLrusMutex.Initialize(cpu);
        CacheIdsSem.Initialize(cpu);
        ObjcgLock.Initialize(cpu);
        cpu.Write(NrCacheIds, ListLru<TRule>.InitialSlots);
        cpu.Write(Ids, 0ul);
        Lrus.Initialize(cpu);
        MemCgroup root = new(cpu.Alloc(MemCgroup.Cache));
        cpu.Write(Root, root.Address);
        if (root.Address == 0 || !lru.Initialize(cpu, nodes))
        {
            return false;
        }

        root.Initialize(cpu, MemCgroup.NoId, MemCgroup.NoRef);
        Lrus.AddBefore(cpu, lru.Link);
        return true;
    }

    /// <summary>Frees the root and a list_lru, when all else is gone.</summary>
    public void Destroy<TCpu>(TCpu cpu, ListLru<TRule> lru) where TCpu : struct, ICpu
    {
        lru.Destroy(cpu, cpu.Read(NrCacheIds));
        cpu.Free(MemCgroup.Cache, cpu.Read(Root));
    }
}
