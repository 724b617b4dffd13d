namespace Stress.Mm.PageMetadata;

/// <summary>What the versions of the accounting do differently. Every default is the best known.</summary>
/// <remarks>A version lists where it differs; constants that the JIT folds, so natively no branch is left.</remarks>
public interface IMetadataRule
{
    /// <summary>Whether pages are counted on a node, through its per-CPU parts, and not in two global counters.
    /// </summary>
    static virtual bool CountsByNode => false;

    /// <summary>Whether it counts by <c>__mod_node_page_state</c>, from preemptible code.</summary>
    static virtual bool UsesUnsafeForm => false;

    /// <summary>Whether all that is counted before there are per-CPU parts goes to the early array.</summary>
    static virtual bool CountsEarlyAtBoot => true;

    /// <summary>Whether the boot buffer of maps is counted as a whole, and what is allocated besides it is not.
    /// </summary>
    static virtual bool CountsWholeBuffer => false;

    /// <summary>Whether maps are counted that come by hotplug without a virtual memory map.</summary>
    static virtual bool CountsPlainHotplug => true;

    /// <summary>Whether anything is subtracted when a map of boot goes.</summary>
    static virtual bool SubtractsEarly => true;

    /// <summary>Whether each page of such a map is subtracted where it was counted, also after it was replaced.
    /// </summary>
    static virtual bool SubtractsByOrigin => true;

    /// <summary>Whether huge pages are counted themselves, without a virtual memory map.</summary>
    static virtual bool CountsHugePages => false;

    /// <summary>Whether a fresh head page is counted also when there was none.</summary>
    static virtual bool CountsMissingHead => false;

    /// <summary>Whether the pages of a restored map are counted one by one, and stay so when the next one fails.
    /// </summary>
    static virtual bool CountsEachRestored => false;

    /// <summary>Whether a page is asked for its node after it was freed.</summary>
    static virtual bool ReadsNodeAfterFree => false;

    /// <summary>Whether a section that goes is asked for its node, when its struct pages are poisoned.</summary>
    static virtual bool ReadsNodeOfRemoved => false;

    /// <summary>Whether pages are counted on the node that they were wanted on, and not on their own.</summary>
    static virtual bool ChargesWantedNode => false;

    /// <summary>Whether /proc/meminfo adds up what it shows for each node, none below 0.</summary>
    static virtual bool ClampsEachNode => false;

    /// <summary>Whether whoever splits a huge mapping looks again, under the lock, whether it is still one.</summary>
    static virtual bool RechecksPmd => true;

    /// <summary>Whether translations are flushed before the pages that they led to are freed.</summary>
    static virtual bool FlushesTlb => true;

    /// <summary>Whether page_ext is freed after a grace period.</summary>
    static virtual bool WaitsForExtReaders => true;

    /// <summary>Whether page_ext is marked invalid before that grace period.</summary>
    static virtual bool InvalidatesExt => true;

    /// <summary>Whether the subsection bitmap is freed after a grace period.</summary>
    static virtual bool FreesUsageByRcu => true;
}
