using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>The lock classes of the list_lru models.</summary>
/// <remarks>
/// Order, outermost first: cgroup_mutex, memcg_cache_ids_sem, list_lrus_mutex, an object's own lock, nlru.lock or the
/// lock of one list, lru.lock. Two locks of lists nest only when lists are moved: the child's, then the parent's with
/// subclass 1. An isolate callback holds the lock of the list and may only try that of the object.
/// Source: mm/list_lru.c, mm/memcontrol.c, v5.17 to v6.18.
/// </remarks>
public static class ListLruLocks
{
    /// <summary><c>cgroup_mutex</c>: the tree of control groups.</summary>
    public static readonly LockClass CgroupMutex = new("cgroup_mutex");

    /// <summary><c>memcg_cache_ids_sem</c>: how many ids the arrays have room for.</summary>
    public static readonly LockClass CacheIdsSem = new("memcg_cache_ids_sem");

    /// <summary><c>list_lrus_mutex</c>: the list of all list_lrus.</summary>
    public static readonly LockClass ListLrusMutex = new("list_lrus_mutex");

    /// <summary><c>objcg_lock</c>: the owners of object groups; taken with interrupts off.</summary>
    public static readonly LockClass ObjcgLock = new("objcg_lock");

    /// <summary><c>list_lru_node.lock</c>, until v6.12: all lists of a node.</summary>
    public static readonly LockClass Node = new("nlru->lock");

    /// <summary><c>list_lru_one.lock</c>, since v6.13: one list.</summary>
    public static readonly LockClass One = new("l->lock");

    /// <summary><c>list_lru.lock</c> of the series, later <c>xa_lock</c>: which lists there are; taken with interrupts
    /// off.</summary>
    public static readonly LockClass Lru = new("lru->lock");

    /// <summary>The lock of an object that has a place on a list, such as <c>d_lock</c> or <c>i_lock</c>.</summary>
    public static readonly LockClass Object = new("object->lock");
}
