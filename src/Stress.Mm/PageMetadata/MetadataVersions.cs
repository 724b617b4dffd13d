namespace Stress.Mm.PageMetadata;

/// <summary>As posted in v4: a counter for each node, shown in meminfo.</summary>
/// <remarks>
/// The review names: huge pages counted themselves, a head page counted that there is not, an update for each page. It
/// does not name: the unsafe form from preemptible code, counting before there are per-CPU parts, pages that stay
/// counted on the error path, a page's node read after it was freed, a removed section's node read from poison, two
/// nodes for one page, maps of boot that stay counted, nodes clamped before they are added. What it names and a model
/// cannot show: a missing semicolon, a round-up of a whole number.
/// Source: [PATCH v4 1/1] mm: report per-page metadata information, and its review.
/// </remarks>
public readonly struct V4 : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsByNode => true;

    /// <inheritdoc/>
    public static bool UsesUnsafeForm => true;

    /// <inheritdoc/>
    public static bool CountsEarlyAtBoot => false;

    /// <inheritdoc/>
    public static bool CountsWholeBuffer => true;

    /// <inheritdoc/>
    public static bool CountsPlainHotplug => false;

    /// <inheritdoc/>
    public static bool SubtractsEarly => false;

    /// <inheritdoc/>
    public static bool CountsHugePages => true;

    /// <inheritdoc/>
    public static bool CountsMissingHead => true;

    /// <inheritdoc/>
    public static bool CountsEachRestored => true;

    /// <inheritdoc/>
    public static bool ReadsNodeAfterFree => true;

    /// <inheritdoc/>
    public static bool ReadsNodeOfRemoved => true;

    /// <inheritdoc/>
    public static bool ChargesWantedNode => true;

    /// <inheritdoc/>
    public static bool ClampsEachNode => true;
}

/// <summary>A counter for each node, with every defect of <see cref="V4"/> repaired. In no kernel.</summary>
public readonly struct ByNode : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsByNode => true;
}

/// <summary>As in v6.12: two global counters; hotplug and boot are not counted right everywhere.</summary>
/// <remarks>Source: 9d8573111024 "mm: don't account memmap per-node".</remarks>
public readonly struct V612 : IMetadataRule
{
    /// <inheritdoc/>
    public static bool CountsWholeBuffer => true;

    /// <inheritdoc/>
    public static bool CountsPlainHotplug => false;

    /// <inheritdoc/>
    public static bool SubtractsEarly => false;
}

/// <summary>As in v6.18: maps of boot and of hotplug are counted by section, for both sparse models.</summary>
/// <remarks>A map of boot is subtracted from the counter of boot as a whole, also where optimising and restoring has
/// moved its pages to the other one. Source: <c>mm/sparse.c</c>, v6.18.</remarks>
public readonly struct Upstream : IMetadataRule
{
    /// <inheritdoc/>
    public static bool SubtractsByOrigin => false;
}

/// <summary>As <see cref="Upstream"/>, and pages of boot that were replaced are subtracted where they were counted.
/// In no kernel.</summary>
public readonly struct UpstreamFixed : IMetadataRule;
