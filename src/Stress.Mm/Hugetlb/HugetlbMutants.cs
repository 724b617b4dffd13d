namespace Stress.Mm.Hugetlb;

/// <summary>Leaves <c>add</c> unset, as v7 does, and is right otherwise.</summary>
public readonly struct UnsetAdd : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool LeavesAddUnset => true;
}

/// <summary>Reports success when <c>region_add</c> had no memory; is right otherwise.</summary>
/// <remarks>Source: as it was before 7fc2513aa237.</remarks>
public readonly struct LostError : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool ReportsAddFailure => false;
}

/// <summary>After a failed add, gives the pool back what was taken, whatever the subpool says.</summary>
/// <remarks>Source: [PATCH v7 5/9], the new branch of <c>hugetlb_reserve_pages</c>.</remarks>
public readonly struct IgnoredPut : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool UndoesAddByPut => false;

    /// <inheritdoc/>
    public static SubpoolFallback Fallback => SubpoolFallback.PutAll;
}

/// <summary>Reserves, and keeps the pages that a fault has added meanwhile.</summary>
public readonly struct ReserveKeepsRaced : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool ReserveGivesBackRaced => false;
}

/// <summary>Allocates, and keeps the subpool's page though the page was reserved meanwhile.</summary>
public readonly struct FaultKeepsRaced : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool FaultGivesBackRaced => false;
}

/// <summary>Puts all pages back into the subpool when the pool could not follow (until 2025).</summary>
public readonly struct FallbackPutAll : IHugetlbRule
{
    /// <inheritdoc/>
    public static SubpoolFallback Fallback => SubpoolFallback.PutAll;
}

/// <summary>Puts the subpool's own part back and forgets the rest in <c>used_hpages</c> (a833a693a490).</summary>
public readonly struct FallbackPutOwn : IHugetlbRule
{
    /// <inheritdoc/>
    public static SubpoolFallback Fallback => SubpoolFallback.PutOwn;
}

/// <summary>Corrects <c>used_hpages</c>, but after the put.</summary>
public readonly struct FallbackCorrectsLate : IHugetlbRule
{
    /// <inheritdoc/>
    public static SubpoolFallback Fallback => SubpoolFallback.PutOwnThenCorrectUsed;
}

/// <summary>Counts what the pool has not given yet, so that no guarantee is lost while a reservation fails.</summary>
/// <remarks>In no kernel; own repair of what <see cref="SubpoolFallback.CorrectUsedThenPutOwn"/> leaves open.</remarks>
public readonly struct HopedCounted : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool CountsHoped => true;
}

/// <summary>Does not repair the map when a page that was allocated is not used.</summary>
public readonly struct UnrestoredMap : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool RestoresMap => false;
}

/// <summary>Regions that own a reference of their cgroup each.</summary>
/// <remarks>Source: d85aecf2844f.</remarks>
public readonly struct ChargedRegions : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool ChargesRegions => true;
}

/// <summary>Regions that each put a reference of which one was taken for all.</summary>
/// <remarks>Source: as it was before d85aecf2844f.</remarks>
public readonly struct OneReferencePerRange : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool ChargesRegions => true;

    /// <inheritdoc/>
    public static bool TakesReferencePerRegion => false;
}
