using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>What an isolate callback did with an item (<c>enum lru_status</c>).</summary>
public enum LruStatus
{
    /// <summary>Took it off.</summary>
    Removed,

    /// <summary>Took it off, and dropped the lock.</summary>
    RemovedRetry,

    /// <summary>Nothing: it has been used, and goes to the tail.</summary>
    Rotate,

    /// <summary>Nothing: it cannot be had now.</summary>
    Skip,

    /// <summary>Nothing, but dropped the lock.</summary>
    Retry,

    /// <summary>Nothing, and the walk is to end.</summary>
    Stop,
}

/// <summary>Decides about the items of a walk (<c>list_lru_walk_cb</c>).</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
public partial interface IIsolate<TRule>
    where TRule : struct, IListLruRule
{
    /// <summary>Decides about one item, and takes it off its list if it is to be removed.</summary>
    /// <remarks>Context: the lock of the list is held, which comes after that of the object: the object can only be
    /// tried. Whoever says Retry, RemovedRetry or Stop calls <see cref="ListLru{TRule}.DropLock"/> and
    /// <see cref="ListLru{TRule}.RetakeLock"/> before it returns.</remarks>
    LruStatus Isolate<TCpu>(TCpu cpu, ListLru<TRule> lru, int nid, ListLruOne one, ListHead item)
        where TCpu : struct, ICpu;
}
