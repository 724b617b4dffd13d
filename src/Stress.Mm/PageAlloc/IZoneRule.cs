namespace Stress.Mm.PageAlloc;

/// <summary>What the versions of the page allocator do differently. Every default is the best known.</summary>
/// <remarks>A version lists where it differs; constants that the JIT folds, so natively no branch is left.</remarks>
public interface IZoneRule
{
    /// <summary>How a pageblock is cut out of a larger free buddy when it is isolated.</summary>
    static virtual IsolationStep Isolation => IsolationStep.UnlistThenType;

    /// <summary>Whether <c>split_free_page</c> looks under the lock whether the page is still what was seen without it.
    /// </summary>
    static virtual bool RechecksBeforeSplit => true;

    /// <summary>Whether the search for a straddling buddy ends at the start of the zone.</summary>
    static virtual bool StopsAtZoneStart => true;

    /// <summary>Whether the type to restore is read before the lock of the isolation is taken.</summary>
    static virtual bool SamplesTypeBeforeLock => false;

    /// <summary>Whether a page of several pageblocks is freed block by block.</summary>
    static virtual bool FreesBlockByBlock => true;

    /// <summary>Whether the type by which a page is freed is read before the lock is taken, and again under it only
    /// while the zone has isolated pageblocks.</summary>
    static virtual bool ReadsTypeBeforeLock => false;

    /// <summary>Whether a merge gives all pageblocks of the absorbed buddy their new type, instead of its first.
    /// </summary>
    static virtual bool RetypesWholeBuddy => true;

    /// <summary>Whether ending the isolation of a page of several pageblocks changes one of them only.</summary>
    static virtual bool EndsIsolationByBlock => true;

    /// <summary>Whether per-CPU lists are disabled before the pageblocks of memory that goes offline are isolated.
    /// </summary>
    static virtual bool DisablesPcp => true;
}

/// <summary>The stages of the repair of isolating a pageblock that is part of a larger free buddy.</summary>
public enum IsolationStep
{
    /// <summary>The type is set, the lock dropped, and the buddy split later (until v6.9).</summary>
    TwoSections,

    /// <summary>The type is set, then the buddy split behind its first block, under one hold (the series, v2).
    /// </summary>
    TypeThenSplit,

    /// <summary>If the block is the head: split first, then move what starts in it (review of the series).</summary>
    SplitThenMove,

    /// <summary>Taken off its list, then the type set, then freed block by block (v6.10).</summary>
    UnlistThenType,
}
