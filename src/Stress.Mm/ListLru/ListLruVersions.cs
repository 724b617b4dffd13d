namespace Stress.Mm.ListLru;

/// <summary>Before the series: every id has its lists, on every list_lru, from the start.</summary>
/// <remarks>Source: the lines that "[PATCH v2 09/21] mm: introduce kmem_cache_alloc_lru" removes.</remarks>
public readonly struct Eager : IListLruRule
{
    /// <inheritdoc/>
    public static bool IsEager => true;

    /// <inheritdoc/>
    public static bool HasGrowingArray => true;

    /// <inheritdoc/>
    public static bool GrowsUnderLock => false;

    /// <inheritdoc/>
    public static bool PublishesLists => false;
}

/// <summary>As posted in v2 of the series: lists are installed when the first object is allocated.</summary>
/// <remarks>
/// Wrong in two ways: an id of -1 is used as an index, and lists may be installed when those of their id have been
/// moved already. Both are latent in patch 9 alone, where all slots are still filled from the start; here slots are
/// filled on demand and cleared at the end, as the rest of the series makes them.
/// Source: [PATCH v2 09/21] mm: introduce kmem_cache_alloc_lru.
/// </remarks>
public readonly struct Seed : IListLruRule
{
    /// <inheritdoc/>
    public static bool HasGrowingArray => true;

    /// <inheritdoc/>
    public static bool TestsIndexUnderLock => false;

    /// <inheritdoc/>
    public static bool PublishesLists => false;

    /// <inheritdoc/>
    public static OfflineId OfflineId => OfflineId.NoneLast;
}

/// <summary>The series with its own repair: the growing array, with the test and the order of <see cref="Upstream"/>.
/// </summary>
/// <remarks>Source: patches 9 and 15 of the series.</remarks>
public readonly struct SeedRepaired : IListLruRule
{
    /// <inheritdoc/>
    public static bool HasGrowingArray => true;
}

/// <summary>As merged, with an xarray (v6.1 to v6.12).</summary>
/// <remarks>Source: <c>mm/list_lru.c</c>, v6.12.</remarks>
public readonly struct Upstream : IListLruRule;

/// <summary>A lock for each list; the slot is cleared before the lists are moved (v6.13 to v6.18).</summary>
/// <remarks>Wrong: a deleter that finds no list goes to the parent's and takes that one's lock, while its item is
/// still on the child's. Source: fb56fdf8b9a2; <c>mm/list_lru.c</c>, v6.18.</remarks>
public readonly struct ListLock : IListLruRule
{
    /// <inheritdoc/>
    public static bool HasListLocks => true;

    /// <inheritdoc/>
    public static bool MakesListsAfterObject => true;

    /// <inheritdoc/>
    public static OfflineId OfflineId => OfflineId.Stays;

    /// <inheritdoc/>
    public static bool DrainsBeforeClearing => false;
}

/// <summary>As <see cref="ListLock"/>, with lists moved before their slot is cleared.</summary>
/// <remarks>Source: "mm/list_lru: drain before clearing xarray entry on reparent", 2026. Still open, by the model:
/// an id may be used again while a reader that found its former owner goes on.</remarks>
public readonly struct ListLockDrainsFirst : IListLruRule
{
    /// <inheritdoc/>
    public static bool HasListLocks => true;

    /// <inheritdoc/>
    public static bool MakesListsAfterObject => true;

    /// <inheritdoc/>
    public static OfflineId OfflineId => OfflineId.Stays;
}

/// <summary>As <see cref="ListLockDrainsFirst"/>, with ids that outlive their readers and marks for the right owner.
/// </summary>
/// <remarks>Source: reconstruction; in no kernel that is known to the model.</remarks>
public readonly struct ListLockRepaired : IListLruRule
{
    /// <inheritdoc/>
    public static bool HasListLocks => true;

    /// <inheritdoc/>
    public static bool MakesListsAfterObject => true;

    /// <inheritdoc/>
    public static OfflineId OfflineId => OfflineId.Stays;

    /// <inheritdoc/>
    public static bool KeepsIdForReaders => true;

    /// <inheritdoc/>
    public static bool MarksListOwner => true;
}
