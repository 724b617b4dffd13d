namespace Stress.Mm.Hugetlb;

/// <summary>What the versions of the reservation code do differently. Every default is the best known.</summary>
/// <remarks>A version lists where it differs; constants that the JIT folds, so natively no branch is left.</remarks>
public interface IHugetlbRule
{
    /// <summary>Whether each call pledges one entry and an add merges at once, by the code before the series.</summary>
    static virtual bool IsBeforeSeries => false;

    /// <summary>Whether <c>region_chg</c> pledges first and gets the entries afterwards, one at a time.</summary>
    static virtual bool PledgesBeforeAllocating => false;

    /// <summary>Whether an added region is merged with its neighbours.</summary>
    static virtual bool Coalesces => true;

    /// <summary>Whether the on-stack list of new entries is emptied after it was spliced into the cache.</summary>
    static virtual bool EmptiesSplicedList => true;

    /// <summary>Whether <c>region_add</c> looks at the cache only when it needs more than it was promised.</summary>
    static virtual bool TestsExcessOnly => true;

    /// <summary>How many entries the cache must hold for an add.</summary>
    /// <param name="needed">Entries that the add will take.</param>
    /// <param name="promised">Entries that its <c>region_chg</c> pledged.</param>
    /// <param name="pledged">Entries pledged to all callers, this one among them.</param>
    static virtual long EntriesWanted(long needed, long promised, long pledged) => pledged + (needed - promised);

    /// <summary>Whether regions own references of a cgroup.</summary>
    static virtual bool ChargesRegions => false;

    /// <summary>Whether each region takes a reference, instead of one for the whole range.</summary>
    static virtual bool TakesReferencePerRegion => true;

    /// <summary>Whether <c>hugetlb_reserve_pages</c> declares its variable <c>add</c> without a value.</summary>
    static virtual bool LeavesAddUnset => false;

    /// <summary>Whether a <c>region_add</c> without memory makes <c>hugetlb_reserve_pages</c> fail.</summary>
    static virtual bool ReportsAddFailure => true;

    /// <summary>Whether, after such a failure, the pool gets back what the subpool does not keep, instead of what was
    /// taken from it at first.</summary>
    static virtual bool UndoesAddByPut => true;

    /// <summary>Whether pages that somebody else reserved meanwhile are given back by <c>hugetlb_reserve_pages</c>.
    /// </summary>
    static virtual bool ReserveGivesBackRaced => true;

    /// <summary>Whether a page that was reserved meanwhile is given back by <c>alloc_hugetlb_folio</c>.</summary>
    static virtual bool FaultGivesBackRaced => true;

    /// <summary>What a subpool gets back when the pool could not follow.</summary>
    static virtual SubpoolFallback Fallback => SubpoolFallback.CorrectUsedThenPutOwn;

    /// <summary>Whether a subpool counts the pages that the pool was asked for and has not given yet, so that a put
    /// does not take them for used.</summary>
    /// <remarks>In no kernel: without it a guarantee can still be lost while a reservation fails.</remarks>
    static virtual bool CountsHoped => false;

    /// <summary>Whether the map is repaired when a page that was allocated is not used.</summary>
    static virtual bool RestoresMap => true;
}

/// <summary>The stages of the repair of the error path after <c>hugepage_subpool_get_pages</c>.</summary>
public enum SubpoolFallback
{
    /// <summary>All pages are put, also those that the subpool never gave (until 2025).</summary>
    PutAll,

    /// <summary>Only the subpool's own part is put; the rest stays in <c>used_hpages</c> (a833a693a490).</summary>
    PutOwn,

    /// <summary>Then <c>used_hpages</c> is lowered by the rest: too late, the put has judged by it.</summary>
    PutOwnThenCorrectUsed,

    /// <summary><c>used_hpages</c> is lowered by the rest before the put.</summary>
    CorrectUsedThenPutOwn,
}
