namespace Stress.Mm.PageMetadata;

/// <summary>Counts by node, with the form that wants preemption off.</summary>
public readonly struct UnsafeForm : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsByNode => true;

    /// <inheritdoc/>
    public static bool UsesUnsafeForm => true;
}

/// <summary>Counts by node, also before there are per-CPU parts.</summary>
public readonly struct DirectAtBoot : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsByNode => true;

    /// <inheritdoc/>
    public static bool CountsEarlyAtBoot => false;
}

/// <summary>Counts huge pages as if they were metadata.</summary>
public readonly struct HugePagesCounted : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsByNode => true;

    /// <inheritdoc/>
    public static bool CountsHugePages => true;
}

/// <summary>Counts a fresh head page also when there was none.</summary>
public readonly struct MissingHeadCounted : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsMissingHead => true;
}

/// <summary>Counts the pages of a restored map one by one, and leaves them counted on failure.</summary>
public readonly struct EachRestoredCounted : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsEachRestored => true;
}

/// <summary>Counts by node, and asks a page for it after the page was freed.</summary>
public readonly struct NodeReadAfterFree : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsByNode => true;

    /// <inheritdoc/>
    public static bool ReadsNodeAfterFree => true;
}

/// <summary>Counts by node, and asks the poisoned struct pages of a removed section for it.</summary>
public readonly struct NodeReadOfRemoved : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsByNode => true;

    /// <inheritdoc/>
    public static bool ReadsNodeOfRemoved => true;
}

/// <summary>Counts pages on the node that they were wanted on, and subtracts them from their own.</summary>
public readonly struct WantedNodeCharged : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsByNode => true;

    /// <inheritdoc/>
    public static bool ChargesWantedNode => true;

    /// <inheritdoc/>
    public static bool ClampsEachNode => true;
}

/// <summary>Splits a huge mapping that somebody else has split meanwhile.</summary>
public readonly struct PmdNotRechecked : IMetadataRule
{
    /// <inheritdoc/>
    public static bool RechecksPmd => false;
}

/// <summary>Frees the pages of an optimised map while they may still be read.</summary>
public readonly struct TlbNotFlushed : IMetadataRule
{
    /// <inheritdoc/>
    public static bool FlushesTlb => false;
}

/// <summary>Frees page_ext without a grace period.</summary>
public readonly struct ExtFreedAtOnce : IMetadataRule
{
    /// <inheritdoc/>
    public static bool WaitsForExtReaders => false;
}

/// <summary>Waits for a grace period while page_ext can still be found.</summary>
public readonly struct ExtNotInvalidated : IMetadataRule
{
    /// <inheritdoc/>
    public static bool InvalidatesExt => false;
}

/// <summary>Frees the subsection bitmap without a grace period.</summary>
/// <remarks>Source: before 5ec8e8ea8b77 "mm/sparsemem: fix race in accessing memory_section->usage".</remarks>
public readonly struct UsageFreedAtOnce : IMetadataRule
{
    /// <inheritdoc/>
    public static bool FreesUsageByRcu => false;
}
