using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>What objects are charged to (<c>struct obj_cgroup</c>): it outlives its control group, and then belongs to
/// the parent.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by            read by
///      0      8  RefCount  anybody, atomically   anybody
///      8      8  Memcg     holder of objcg_lock  RCU readers
///     16     16  List      holder of objcg_lock  holder of objcg_lock
///     32     16  Rcu       whoever drops the last reference, the worker
/// </code>
/// Each object holds a reference. It holds none to its group: the pointer is changed before that goes.
/// Deviation: references are one atomic word, not a <c>percpu_ref</c>; no charge is counted.
/// Source: <c>mm/memcontrol.c</c>, v6.12.
/// </remarks>
public readonly partial struct ObjCgroup(nint at) : IHandle
{
    /// <summary>The objects.</summary>
    public static readonly SlabCache Cache = SlabCache.For<ObjCgroup>("obj_cgroup");

    /// <inheritdoc/>
    public static int Bytes => 48;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>References: one for each object, and one while its first group is online.</summary>
    public AtomicS64 RefCount => new(at);

    /// <summary>The <see cref="MemCgroup"/> that owns it now.</summary>
    public AtomicPtr Memcg => new(at + 8);

    /// <summary>Place on the owner's list, once its first group is offline.</summary>
    public ListHead List => new(at + 16);

    /// <summary>For its end.</summary>
    public RcuHead Rcu => new(at + 32);

    /// <summary>The object group whose <see cref="List"/> this is.</summary>
    public static ObjCgroup OfList(nint list) => new(list - 16);

    /// <summary>Makes one with one reference, that nobody knows yet.</summary>
    public void Initialize<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        cpu.Write(RefCount, 1L);
        cpu.Write(Memcg, memcg.Address);
        List.Initialize(cpu);
    }

    /// <summary>Takes a reference, unless none is left (<c>obj_cgroup_tryget</c>).</summary>
    /// <remarks>Context: in a read section.</remarks>
    public bool TryGet<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
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

    /// <summary>Gives a reference back (<c>obj_cgroup_put</c>, <c>obj_cgroup_release</c>).</summary>
    /// <param name="objcgLock">The global <c>objcg_lock</c>.</param>
    /// <param name="rcu">Whose worker frees it.</param>
    public void Put<TCpu>(TCpu cpu, QueuedSpinLock objcgLock, Rcu rcu) where TCpu : struct, ICpu
    {
        // Fully ordered: what every owner did comes before the release by the last one.
        if (cpu.FetchAdd(RefCount, -1L) != 1)
        {
            return;
        }

        objcgLock.AcquireIrq(cpu);
        List.Delete(cpu);
        objcgLock.ReleaseIrq(cpu);
        rcu.Call(cpu, Rcu, MemcgCallback.FreeObjcg);
    }

    /// <summary>Finds the group that owns it, with a reference (<c>get_mem_cgroup_from_objcg</c>).</summary>
    public MemCgroup GetMemcg<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("get_mem_cgroup_from_objcg");
        cpu.RcuReadLock();

        // Relaxed: the group lives as long as the section, and no later one is wanted than the one that is found.
        MemCgroup memcg = new(cpu.ReadOnce(Memcg));
        while (!memcg.TryGet(cpu))
        {
            // Ended by memcg_reparent_objcgs, which must not wait for this section.
            cpu.WaitWhile(Memcg, memcg.Address);
            memcg = new MemCgroup(cpu.ReadOnce(Memcg));
        }

        cpu.RcuReadUnlock();
        cpu.Leave();
        return memcg;
    }

    /// <summary>The group that owns it, without a reference (<c>obj_cgroup_memcg</c>).</summary>
    /// <remarks>Context: in a read section, for as long as the group is used.</remarks>
    public MemCgroup Owner<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        // Relaxed: the section keeps the group, and either owner's lists will do.
        => at == 0 ? default : new MemCgroup(cpu.ReadOnce(Memcg));
}
