namespace Stress.Mm.ListLru;

/// <summary>The installer of the series, against an offline that leaves the id as it is.</summary>
/// <remarks>Source: [PATCH v2 09/21] mm: introduce kmem_cache_alloc_lru, with slots that are filled on demand.
/// </remarks>
public readonly struct SeedKeepsId : IListLruRule
{
    /// <inheritdoc/>
    public static bool HasGrowingArray => true;

    /// <inheritdoc/>
    public static bool TestsIndexUnderLock => false;

    /// <inheritdoc/>
    public static bool PublishesLists => false;

    /// <inheritdoc/>
    public static OfflineId OfflineId => OfflineId.Stays;
}

/// <summary>Wrong where stores pass each other: lists may be found before they are initialised.</summary>
public readonly struct PublishesPlainly : IListLruRule
{
    /// <inheritdoc/>
    public static bool PublishesLists => false;
}

/// <summary>The series with its repair, but slots are copied to a larger array without the lock.</summary>
public readonly struct GrowsUnlocked : IListLruRule
{
    /// <inheritdoc/>
    public static bool HasGrowingArray => true;

    /// <inheritdoc/>
    public static bool GrowsUnderLock => false;
}

/// <summary>Installs the lists of a control group before those of its ancestors.</summary>
public readonly struct ChildFirst : IListLruRule
{
    /// <inheritdoc/>
    public static bool InstallsAncestorsFirst => false;
}

/// <summary>Uses the owner of an object outside of an RCU read section.</summary>
/// <remarks>Source: as it was before 5161b48712dc.</remarks>
public readonly struct ResolvesOutsideRcu : IListLruRule
{
    /// <inheritdoc/>
    public static bool ResolvesUnderRcu => false;
}

/// <summary>Counts a node list by list.</summary>
/// <remarks>Source: as it was before "mm/list_lru.c: fix list_lru_count_node() to be race free".</remarks>
public readonly struct CountsLists : IListLruRule
{
    /// <inheritdoc/>
    public static bool CountsNodeTotal => false;
}

/// <summary>A walk goes on behind an item when the lock was dropped.</summary>
public readonly struct KeepsSavedNext : IListLruRule
{
    /// <inheritdoc/>
    public static bool RestartsAfterDrop => false;
}

/// <summary>Takes moved items off the child's count before they are added to the parent's.</summary>
public readonly struct ZeroesFirst : IListLruRule
{
    /// <inheritdoc/>
    public static bool AddsBeforeZeroing => false;
}

/// <summary>Objects get their new owner a grace period after the last reference to the old one.</summary>
public readonly struct ReparentsAfterKill : IListLruRule
{
    /// <inheritdoc/>
    public static bool ReparentsBeforeKill => false;
}
