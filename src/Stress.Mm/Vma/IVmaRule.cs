namespace Stress.Mm.Vma;

/// <summary>When it is tested whether an anonymous VMA has its anon_vma already.</summary>
public enum AnonVmaTest
{
    /// <summary>While the fault is handled; it is made there under a tried mmap_lock (v6.8 and later).</summary>
    InFault,

    /// <summary>After the VMA is locked; without one, the fault goes to mmap_lock (v6.4 to v6.7).</summary>
    AfterLocking,

    /// <summary>Before the VMA is locked (v6.4-rc, repaired by 657b5146955e).</summary>
    BeforeLocking,
}

/// <summary>The decisions of per-VMA locking in which versions and mutants differ; the defaults are v6.12.</summary>
/// <remarks>Constants of a type parameter, so that natively no branch is left.</remarks>
public interface IVmaRule
{
    /// <summary>Whether a reader compares the sequences before it tries the lock: an optimisation only.</summary>
    static virtual bool ComparesBeforeTrylock => true;

    /// <summary>Whether a reader compares the sequences again once it has the lock.</summary>
    static virtual bool RechecksSequence => true;

    /// <summary>Whether that comparison is ordered before what the reader does then.</summary>
    static virtual bool AcquiresSequence => true;

    /// <summary>Whether what a writer did is ordered before the end of its write section.</summary>
    static virtual bool ReleasesSequence => true;

    /// <summary>The bits of the sequence number: all 32, or fewer to see it wrap.</summary>
    static virtual uint SequenceMask => uint.MaxValue;

    /// <summary>Whether a writer takes equal sequences to mean that it has locked the VMA already.</summary>
    static virtual bool TrustsEqualSequence => true;

    /// <summary>Whether a reader unlocks inside an RCU read section.</summary>
    static virtual bool UnlocksUnderRcu => true;

    /// <summary>Whether a VMA is freed after a grace period only.</summary>
    static virtual bool FreesAfterGracePeriod => true;

    /// <summary>Whether a lookup that locked a detached VMA starts again.</summary>
    static virtual bool RetriesDetached => true;

    /// <summary>When the anon_vma is tested.</summary>
    static virtual AnonVmaTest AnonVma => AnonVmaTest.InFault;

    /// <summary>Whether fork write-locks the VMAs that it copies.</summary>
    static virtual bool ForkLocksParent => true;

    /// <summary>Whether mprotect write-locks the VMA that it changes.</summary>
    static virtual bool MprotectLocksVma => true;

    /// <summary>Whether a copied VMA gets a fresh lock where the lock is embedded.</summary>
    static virtual bool DupMakesFreshLock => true;

    /// <summary>Whether a userfaultfd move gives the first VMA up before it waits for mmap_lock.</summary>
    static virtual bool MoveDropsFirstLock => true;
}
