namespace Stress.Mm.PageAlloc;

/// <summary>Before the series: a pageblock is typed in one critical section, and cut out of its buddy in another.
/// </summary>
/// <remarks>Source: <c>mm/page_isolation.c</c>, <c>mm/page_alloc.c</c>, v6.5 to v6.9.</remarks>
public readonly struct BeforeHygiene : IZoneRule
{
    /// <inheritdoc/>
    public static IsolationStep Isolation => IsolationStep.TwoSections;

    /// <inheritdoc/>
    public static bool SamplesTypeBeforeLock => true;

    /// <inheritdoc/>
    public static bool FreesBlockByBlock => false;

    /// <inheritdoc/>
    public static bool ReadsTypeBeforeLock => true;

    /// <inheritdoc/>
    public static bool RetypesWholeBuddy => false;

    /// <inheritdoc/>
    public static bool EndsIsolationByBlock => false;
}

/// <summary>As posted: types the pageblock and splits its buddy under one hold of the lock.</summary>
/// <remarks>
/// Wrong in these ways: a head is taken off its list as of the type that it was just given; a buddy of four or more
/// pageblocks is cut behind its first block, wherever the isolated one lies; the search for it reads pages of other
/// zones; the type to restore is read before the lock; a page of several blocks is freed as of the type of the first.
/// Source: "[PATCH V2 0/6] mm: page_alloc: freelist migratetype hygiene", the patch attached on 12 October 2023.
/// </remarks>
public readonly struct Seed : IZoneRule
{
    /// <inheritdoc/>
    public static IsolationStep Isolation => IsolationStep.TypeThenSplit;

    /// <inheritdoc/>
    public static bool StopsAtZoneStart => false;

    /// <inheritdoc/>
    public static bool SamplesTypeBeforeLock => true;

    /// <inheritdoc/>
    public static bool FreesBlockByBlock => false;

    /// <inheritdoc/>
    public static bool RetypesWholeBuddy => false;

    /// <inheritdoc/>
    public static bool EndsIsolationByBlock => false;
}

/// <summary>As merged (v6.10 to v6.12): right wherever a buddy spans at most two pageblocks.</summary>
/// <remarks>Left open: the search for a straddling buddy reads pages of other zones, a merge of two types changes the
/// first block only, and so does the end of an isolation. Source: fd919a85cd55; <c>mm/page_isolation.c</c>,
/// <c>mm/page_alloc.c</c>, v6.12.</remarks>
public readonly struct Upstream : IZoneRule
{
    /// <inheritdoc/>
    public static bool StopsAtZoneStart => false;

    /// <inheritdoc/>
    public static bool RetypesWholeBuddy => false;

    /// <inheritdoc/>
    public static bool EndsIsolationByBlock => false;
}

/// <summary>As merged, with repairs of what it leaves open.</summary>
/// <remarks>Source: as <see cref="Upstream"/>; the repairs are reconstructions.</remarks>
public readonly struct UpstreamFixed : IZoneRule;

/// <summary>Splits a buddy that starts with the isolated block before it changes the type, so that it merges again.
/// </summary>
/// <remarks>Source: review of the series, October 2023.</remarks>
public readonly struct SplitFirst : IZoneRule
{
    /// <inheritdoc/>
    public static IsolationStep Isolation => IsolationStep.SplitThenMove;
}

/// <summary>Splits what it has seen without the lock, whatever has become of it.</summary>
/// <remarks>Source: before 86d28b070927.</remarks>
public readonly struct SplitsUnchecked : IZoneRule
{
    /// <inheritdoc/>
    public static bool RechecksBeforeSplit => false;
}

/// <summary>Reads pages of other zones while it looks for a straddling buddy; is right otherwise.</summary>
public readonly struct ScansOtherZones : IZoneRule
{
    /// <inheritdoc/>
    public static bool StopsAtZoneStart => false;
}

/// <summary>Reads the type to restore before the lock of the isolation is taken; is right otherwise.</summary>
public readonly struct RestoresStaleType : IZoneRule
{
    /// <inheritdoc/>
    public static bool SamplesTypeBeforeLock => true;
}

/// <summary>Frees a page of several pageblocks as of the type of the first.</summary>
public readonly struct FreesWhole : IZoneRule
{
    /// <inheritdoc/>
    public static bool FreesBlockByBlock => false;
}

/// <summary>Frees a page as of a type that was read before the lock was taken.</summary>
/// <remarks>Source: before 55612e80e722.</remarks>
public readonly struct FreesByStaleType : IZoneRule
{
    /// <inheritdoc/>
    public static bool ReadsTypeBeforeLock => true;
}

/// <summary>A merge changes the type of the first block of the absorbed buddy only.</summary>
/// <remarks>Source: since e0932b6c1f94.</remarks>
public readonly struct RetypesOneBlock : IZoneRule
{
    /// <inheritdoc/>
    public static bool RetypesWholeBuddy => false;
}

/// <summary>Isolates and drains, with the per-CPU lists in use.</summary>
/// <remarks>Source: before ec6e8c7e03b2.</remarks>
public readonly struct DrainsOnly : IZoneRule
{
    /// <inheritdoc/>
    public static bool DisablesPcp => false;
}
