namespace Stress.Mm.Hugetlb;

/// <summary>Before the series: one entry per call, adds merge and extend regions (v5.5).</summary>
/// <remarks>Source: the lines that "[PATCH v7 5/9] hugetlb: disable region_add file_region coalescing" removes.
/// </remarks>
public readonly struct V6 : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool IsBeforeSeries => true;

    /// <inheritdoc/>
    public static SubpoolFallback Fallback => SubpoolFallback.PutAll;
}

/// <summary>As posted in v7 of the series.</summary>
/// <remarks>
/// Wrong in five ways: an add may take what others were pledged; a pledge is raised before its entries exist; it is
/// kept on <c>-ENOMEM</c>; <c>add</c> has no value at the early error exits; a failed add reports success, and gives
/// the pool back another number of pages than the subpool asks for.
/// Source: [PATCH v7 5/9] hugetlb: disable region_add file_region coalescing.
/// </remarks>
public readonly struct V7 : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool PledgesBeforeAllocating => true;

    /// <inheritdoc/>
    public static bool Coalesces => false;

    /// <inheritdoc/>
    public static bool TestsExcessOnly => false;

    /// <inheritdoc/>
    public static long EntriesWanted(long needed, long promised, long pledged) => needed;

    /// <inheritdoc/>
    public static bool LeavesAddUnset => true;

    /// <inheritdoc/>
    public static bool ReportsAddFailure => false;

    /// <inheritdoc/>
    public static bool UndoesAddByPut => false;

    /// <inheritdoc/>
    public static SubpoolFallback Fallback => SubpoolFallback.PutAll;
}

/// <summary>As in v12 of the series: counts all pledges, but also those whose entries are still to come.</summary>
/// <remarks>Source: linux-next of February 2020, and the report of its VM_BUG_ON under LTP hugemmap06.</remarks>
public readonly struct V12 : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool PledgesBeforeAllocating => true;

    /// <inheritdoc/>
    public static bool TestsExcessOnly => false;

    /// <inheritdoc/>
    public static SubpoolFallback Fallback => SubpoolFallback.PutAll;
}

/// <summary>As merged and since then (v6.12): right, but for the stale head of the list of new entries, and for what a
/// subpool gets back on errors.</summary>
/// <remarks>Source: 0db9d74ed884, d3ec7b6e09e5; <c>mm/hugetlb.c</c>, v6.12.</remarks>
public readonly struct Upstream : IHugetlbRule
{
    /// <inheritdoc/>
    public static bool EmptiesSplicedList => false;

    /// <inheritdoc/>
    public static bool UndoesAddByPut => false;

    /// <inheritdoc/>
    public static SubpoolFallback Fallback => SubpoolFallback.PutAll;
}

/// <summary>As merged, with every repair that was proposed.</summary>
/// <remarks>Source: as <see cref="Upstream"/>, and "mm/hugetlb: fix list corruption in
/// allocate_file_region_entries()", 2026.</remarks>
public readonly struct UpstreamFixed : IHugetlbRule;
