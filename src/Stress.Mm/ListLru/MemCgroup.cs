using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>A memory control group (<c>struct mem_cgroup</c>), as far as objects on lists know it.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field           written by                     read by
///      0      8  RefCount        anybody, atomically            anybody
///      8      4  Flags           holder of cgroup_mutex         anybody
///     12      4  KmemcgId        holder of cgroup_mutex         anybody
///     16      8  Parent          once                           anybody
///     24      8  Objcg           holder of cgroup_mutex         RCU readers
///     32     16  ObjcgList       holder of objcg_lock           holder of objcg_lock
///     48     16  Children        holder of cgroup_mutex         holder of cgroup_mutex
///     64     16  Sibling         holder of cgroup_mutex         holder of cgroup_mutex
///     80     16  Rcu             whoever drops the last reference, the worker
///     96     16  ShrinkerMap     anybody, atomically            shrinkers
///    112      4  OnlineChildren  holder of cgroup_mutex         holder of cgroup_mutex
/// </code>
/// A group holds a reference to its parent until it is freed. The root is never freed: its references are not counted.
/// Deviations: references are one atomic word, not a <c>percpu_ref</c>; the map of shrinkers is a word for each node,
/// not an object of its own. Source: <c>mm/memcontrol.c</c>, <c>kernel/cgroup/cgroup.c</c>, v6.12.
/// </remarks>
public readonly partial struct MemCgroup(nint at) : IHandle
{
    /// <summary>The objects.</summary>
    public static readonly SlabCache Cache = SlabCache.For<MemCgroup>("mem_cgroup");

    /// <summary>Bit of <see cref="Flags"/>: goes offline, or is (<c>CSS_DYING</c>).</summary>
    public const uint Dying = 1;

    /// <summary>Bit of <see cref="Flags"/>: references are not counted (<c>CSS_NO_REF</c>).</summary>
    public const uint NoRef = 2;

    /// <summary>Id of the root, and of no group at all.</summary>
    public const int NoId = -1;

    /// <inheritdoc/>
    public static int Bytes => 120;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>References (<c>css.refcnt</c>); one is the online group's own.</summary>
    public AtomicS64 RefCount => new(at);

    /// <summary>Bits (<c>css.flags</c>).</summary>
    public AtomicU32 Flags => new(at + 8);

    /// <summary>Index of its slot on every list_lru; <see cref="NoId"/> for the lists of the nodes.</summary>
    public AtomicS32 KmemcgId => new(at + 12);

    /// <summary>The parent; 0 for the root.</summary>
    public PlainPtr Parent => new(at + 16);

    /// <summary>The <see cref="ObjCgroup"/> that new objects are charged to; 0 once it is offline.</summary>
    public AtomicPtr Objcg => new(at + 24);

    /// <summary>The object groups that it got from children.</summary>
    public ListHead ObjcgList => new(at + 32);

    /// <summary>Children that are not released, by their <see cref="Sibling"/>.</summary>
    public ListHead Children => new(at + 48);

    /// <summary>Place among the parent's children.</summary>
    public ListHead Sibling => new(at + 64);

    /// <summary>For its release and its end.</summary>
    public RcuHead Rcu => new(at + 80);

    /// <summary>Children that are online.</summary>
    public PlainU32 OnlineChildren => new(at + 112);

    /// <summary>Which shrinkers may have work on a node: a bit for each.</summary>
    public AtomicU64 ShrinkerMap(int nid) => new(at + 96 + (nid * 8));

    /// <summary>The group whose <see cref="Sibling"/> this is.</summary>
    public static MemCgroup OfSibling(nint sibling) => new(sibling - 64);

    /// <summary>Makes a group with one reference and no parent, that nobody knows yet.</summary>
    public void Initialize<TCpu>(TCpu cpu, int id, uint flags) where TCpu : struct, ICpu
    {
        cpu.Write(RefCount, 1L);
        cpu.Write(Flags, flags);
        cpu.Write(KmemcgId, id);
        cpu.Write(Parent, 0);
        cpu.Write(Objcg, 0);
        ObjcgList.Initialize(cpu);
        Children.Initialize(cpu);
        cpu.Write(OnlineChildren, 0u);
        for (int nid = 0; nid < ListLruNode.Max; nid++)
        {
            cpu.Write(ShrinkerMap(nid), 0ul);
        }
    }

    /// <summary>Takes a reference, unless none is left (<c>css_tryget</c>).</summary>
    /// <remarks>Context: in a read section, or with a reference.</remarks>
    public bool TryGet<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if ((cpu.Read(Flags) & NoRef) != 0)
        {
            return true;
        }

        // Relaxed: a first guess, which the exchange corrects.
        long seen = cpu.ReadOnce(RefCount);
        while (seen != 0)
        {
            long before = cpu.CompareExchange(RefCount, seen, seen + 1);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Gives a reference back (<c>css_put</c>); the last one has the group released.</summary>
    /// <param name="rcu">Whose worker releases and frees groups.</param>
    public void Put<TCpu>(TCpu cpu, Rcu rcu) where TCpu : struct, ICpu
    {
        // Fully ordered: what every owner did comes before the release by the last one.
        if ((cpu.Read(Flags) & NoRef) == 0 && cpu.FetchAdd(RefCount, -1L) == 1)
        {
            rcu.Call(cpu, Rcu, MemcgCallback.ReleaseCss);
        }
    }

    /// <summary>Whether it goes offline, or is (<c>css_is_dying</c>).</summary>
    public bool IsDying<TCpu>(TCpu cpu) where TCpu : struct, ICpu => (cpu.Read(Flags) & Dying) != 0;

    /// <summary>Its index; <see cref="NoId"/> for no group (<c>memcg_kmem_id</c>).</summary>
    /// <remarks>Relaxed: whoever needs it to be current holds the lock that its change is followed by. The series reads
    /// it plainly.</remarks>
    public int Id<TCpu>(TCpu cpu) where TCpu : struct, ICpu => at == 0 ? NoId : cpu.ReadOnce(KmemcgId);

    /// <summary>Tells the shrinker that it may have work here (<c>set_shrinker_bit</c>); nothing for the root, which is
    /// always looked at.</summary>
    public void SetShrinkerBit<TCpu>(TCpu cpu, int nid) where TCpu : struct, ICpu
    {
        if (at == 0 || (cpu.Read(Flags) & NoRef) != 0)
        {
            return;
        }

        // Pairs with the fence of the shrinker between clearing the bit and counting again: either it sees the item,
        // or the bit is set after it was cleared.
        cpu.FullFence();
        cpu.FetchOrRelaxed(ShrinkerMap(nid), ListLruNode.ShrinkerBit);
    }
}
