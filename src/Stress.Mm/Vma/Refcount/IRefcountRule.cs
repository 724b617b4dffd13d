namespace Stress.Mm.Vma;

/// <summary>The decisions of the reference count lock in which versions and mutants differ; the defaults are v6.15 with
/// its fixes.</summary>
public interface IRefcountRule
{
    /// <summary>Whether a reader checks that what it holds still belongs to its address space.</summary>
    static virtual bool ChecksMm => true;

    /// <summary>Whether a reader pins a foreign address space before it gives the VMA back.</summary>
    static virtual bool PinsForeignMm => true;

    /// <summary>Whether a VMA's new life is ordered before the count that lets readers in.</summary>
    static virtual bool AttachReleases => true;

    /// <summary>Whether what a reader left behind means that only a writer is there.</summary>
    /// <param name="before">The count before the reader left.</param>
    static virtual bool IsWriterOnly(uint before)
        => before - 1 is RefcountVma.LockOffset or RefcountVma.LockOffset + 1;
}

/// <summary>As in v6.15 with 9bbffee67ffd.</summary>
public readonly struct V615 : IRefcountRule;

/// <summary>Wrong where stores pass each other: a reader may get a reference and see the VMA's last life.</summary>
public readonly struct AttachesWithoutRelease : IRefcountRule
{
    /// <inheritdoc/>
    public static bool AttachReleases => false;
}

/// <summary>Wrong: a recycled VMA is taken for the one that was looked up.</summary>
public readonly struct RecycledNotChecked : IRefcountRule
{
    /// <inheritdoc/>
    public static bool ChecksMm => false;
}

/// <summary>Wrong, as merged first: the wakeup goes to an address space that may be gone.</summary>
public readonly struct ForeignMmNotPinned : IRefcountRule
{
    /// <inheritdoc/>
    public static bool PinsForeignMm => false;
}

/// <summary>Wrong: the last reader looks at the count before it left.</summary>
public readonly struct WakesByOldCount : IRefcountRule
{
    /// <inheritdoc/>
    public static bool IsWriterOnly(uint before) => before is RefcountVma.LockOffset or RefcountVma.LockOffset + 1;
}

/// <summary>Wrong: the last reader knows the writer of a detached VMA only.</summary>
public readonly struct WakesDetachedOnly : IRefcountRule
{
    /// <inheritdoc/>
    public static bool IsWriterOnly(uint before) => before - 1 == RefcountVma.LockOffset;
}
