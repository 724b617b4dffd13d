namespace Stress.Mm.Vma;

/// <summary>Per-VMA locking as in v6.12.</summary>
public readonly struct V612 : IVmaRule;

/// <summary>Equivalent to v6.12: the comparison before the trylock only saves work.</summary>
public readonly struct NoFirstComparison : IVmaRule
{
    /// <inheritdoc/>
    public static bool ComparesBeforeTrylock => false;
}

/// <summary>Wrong: a reader that got the lock does not look again whether a writer has marked the VMA.</summary>
public readonly struct NoRecheck : IVmaRule
{
    /// <inheritdoc/>
    public static bool RechecksSequence => false;
}

/// <summary>Wrong where loads pass each other: the reader may have looked at the VMA before the writer was through.
/// </summary>
public readonly struct SequenceWithoutAcquire : IVmaRule
{
    /// <inheritdoc/>
    public static bool AcquiresSequence => false;
}

/// <summary>Wrong where stores pass each other: the VMA is unlocked before what the writer did to it is there.</summary>
public readonly struct SequenceWithoutRelease : IVmaRule
{
    /// <inheritdoc/>
    public static bool ReleasesSequence => false;
}

/// <summary>Wrong: the tail of the unlock may touch a VMA that a writer has freed.</summary>
public readonly struct UnlocksOutsideRcu : IVmaRule
{
    /// <inheritdoc/>
    public static bool UnlocksUnderRcu => false;
}

/// <summary>Wrong: a lookup may find a VMA that is freed already.</summary>
public readonly struct FreesAtOnce : IVmaRule
{
    /// <inheritdoc/>
    public static bool FreesAfterGracePeriod => false;
}

/// <summary>Wrong: a lookup may return a VMA that has left the tree.</summary>
public readonly struct IgnoresDetached : IVmaRule
{
    /// <inheritdoc/>
    public static bool RetriesDetached => false;
}

/// <summary>As in v6.4 to v6.7: a VMA without anon_vma is left to mmap_lock; tested under the VMA lock.</summary>
public readonly struct AnonVmaTestedLocked : IVmaRule
{
    /// <inheritdoc/>
    public static AnonVmaTest AnonVma => AnonVmaTest.AfterLocking;
}

/// <summary>Wrong: the anon_vma is tested before the VMA is locked, and may be gone afterwards.</summary>
public readonly struct AnonVmaTestedUnlocked : IVmaRule
{
    /// <inheritdoc/>
    public static AnonVmaTest AnonVma => AnonVmaTest.BeforeLocking;
}

/// <summary>Wrong: the parent's threads go on faulting while its page tables are copied.</summary>
public readonly struct ForkLeavesParentUnlocked : IVmaRule
{
    /// <inheritdoc/>
    public static bool ForkLocksParent => false;
}

/// <summary>Wrong: a fault that has tested the flags may make a page writable behind mprotect's back.</summary>
public readonly struct MprotectLeavesVmaUnlocked : IVmaRule
{
    /// <inheritdoc/>
    public static bool MprotectLocksVma => false;
}

/// <summary>Wrong: sequence numbers of two bits, so that an old mark means "locked by me" again.</summary>
public readonly struct SequenceOfTwoBits : IVmaRule
{
    /// <inheritdoc/>
    public static uint SequenceMask => 0x3;
}

/// <summary>Wrong in the same way with three bits.</summary>
public readonly struct SequenceOfThreeBits : IVmaRule
{
    /// <inheritdoc/>
    public static uint SequenceMask => 0x7;
}

/// <summary>Right with any number of bits: a writer always waits for the readers.</summary>
public readonly struct AlwaysLocks : IVmaRule
{
    /// <inheritdoc/>
    public static uint SequenceMask => 0x3;

    /// <inheritdoc/>
    public static bool TrustsEqualSequence => false;
}

/// <summary>Wrong: the copy of a VMA inherits the readers of the original, who will never leave it.</summary>
public readonly struct DupCopiesLockWord : IVmaRule
{
    /// <inheritdoc/>
    public static bool DupMakesFreshLock => false;
}

/// <summary>Wrong: a mover waits for mmap_lock while the writer that holds it waits for the mover's first VMA.</summary>
public readonly struct MoveKeepsFirstLock : IVmaRule
{
    /// <inheritdoc/>
    public static bool MoveDropsFirstLock => false;
}
