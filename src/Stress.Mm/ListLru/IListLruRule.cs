namespace Stress.Mm.ListLru;

/// <summary>What the versions of list_lru do differently. Every default is that of v6.1 to v6.12.</summary>
/// <remarks>A version lists where it differs; constants that the JIT folds, so natively no branch is left.</remarks>
public interface IListLruRule
{
    /// <summary>Whether every slot has its lists from the start, whoever will use them, and keeps them for ever.
    /// </summary>
    static virtual bool IsEager => false;

    /// <summary>Whether the slots lie in an array that is replaced by a larger one, instead of an xarray.</summary>
    static virtual bool HasGrowingArray => false;

    /// <summary>Whether slots are copied to a larger array under <c>lru->lock</c>.</summary>
    static virtual bool GrowsUnderLock => true;

    /// <summary>Whether the id that is read again under <c>lru->lock</c> is tested before it is an index.</summary>
    static virtual bool TestsIndexUnderLock => true;

    /// <summary>Whether lists are published with a release.</summary>
    static virtual bool PublishesLists => true;

    /// <summary>Whether the lists of a control group and its ancestors are installed at once, topmost first.</summary>
    static virtual bool InstallsAncestorsFirst => true;

    /// <summary>Whether the lists of an object's owner are made after the object (v6.10 and later).</summary>
    static virtual bool MakesListsAfterObject => false;

    /// <summary>What becomes of the id of a control group that goes offline.</summary>
    static virtual OfflineId OfflineId => OfflineId.ParentsFirst;

    /// <summary>Whether an id is used again only when no reader can hold it any more.</summary>
    static virtual bool KeepsIdForReaders => false;

    /// <summary>Whether each list has a lock of its own (v6.13 and later).</summary>
    static virtual bool HasListLocks => false;

    /// <summary>Whether, with such locks, lists are moved before their slot is cleared.</summary>
    static virtual bool DrainsBeforeClearing => true;

    /// <summary>Whether an addition to an empty list tells the shrinker about the list's owner, instead of about the
    /// object's.</summary>
    static virtual bool MarksListOwner => false;

    /// <summary>Whether the owner of an object is looked up and used in one RCU read section.</summary>
    static virtual bool ResolvesUnderRcu => true;

    /// <summary>Whether a walk starts again after the lock was dropped.</summary>
    static virtual bool RestartsAfterDrop => true;

    /// <summary>Whether a node's items are counted in one word, instead of list by list.</summary>
    static virtual bool CountsNodeTotal => true;

    /// <summary>Whether moved items are added to the parent's count before they are taken off the child's.</summary>
    static virtual bool AddsBeforeZeroing => true;

    /// <summary>Whether objects get their new owner before the last reference to the old one is dropped.</summary>
    static virtual bool ReparentsBeforeKill => true;
}

/// <summary>What becomes of the id of a control group that goes offline.</summary>
public enum OfflineId
{
    /// <summary>It, and those of all descendants, become the parent's id before any list is moved.</summary>
    ParentsFirst,

    /// <summary>It is freed when the lists have been moved, and becomes -1 after that.</summary>
    NoneLast,

    /// <summary>It stays, and is freed when the lists have been moved.</summary>
    Stays,
}
