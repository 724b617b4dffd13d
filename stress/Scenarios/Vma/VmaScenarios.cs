using System.Collections.Generic;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>The scenarios of per-VMA locks.</summary>
public static class VmaScenarios
{
    private const string Upstream = "v6.12";
    private const string Rfc = "RFC \"vm: align vma allocation and move the lock back into the struct\"";
    private const string Stock = "stock";
    private const string Refcount = "refcount";
    private const string Embedded = "embedded-line4";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        AnonFaultScenario.Create(),
        AnonVma(),
        DupLockWord(),
        EndReadAfterFree(),
        FaultVsMprotect(),
        FaultVsMunmap(),
        Fork(),
        FreeGracePeriod(),
        IgnoredDetach(),
        MissingRecheck(),
        OppositeReadLocks(),
        RefcountForeignMm(),
        RefcountRecycle(),
        RefcountWakeup(),
        SequenceRecheck(),
        SequenceWrap(),
        UffdMoveVsMove(),
        UffdMoveVsMunmap(),
    ];

    private static Scenario AnonVma() => new(
        "vma/anon-vma",
        "A fault races with a mremap that takes the anon_vma away and leaves the VMA.",
        1,
        [
            StockOf<AnonVmaLoss<StockLayout, V612>>(),
            EmbeddedOf<AnonVmaLoss<EmbeddedLine4Layout, V612>>(),
            new Variant<AnonVmaLoss<StockLayout, AnonVmaTestedLocked>>
            {
                Name = "tested-locked",
                Summary = "The lookup leaves a VMA without anon_vma to mmap_lock, and tests it once it is locked.",
                Source = "657b5146955e, \"mm: lock_vma_under_rcu() must check vma->anon_vma under vma lock\"",
                Expected = Expectation.Clean,
            },
            new Variant<AnonVmaLoss<StockLayout, AnonVmaTestedUnlocked>>
            {
                Name = "tested-unlocked",
                Summary = "The lookup tests the anon_vma before it locks the VMA.",
                Source = "before 657b5146955e (CVE-2024-1312)",
                Expected = Expectation.Violates(FindingKind.Bug, "BUG_ON(!anon_vma)"),
                CorrectTwin = "tested-locked",
                CorpusEntry = "vma-anon-vma-tested-unlocked",
            },
        ]);

    private static Scenario DupLockWord() => new(
        "vma/dup-lock-word",
        "A VMA is split while a reader is inside.",
        1,
        [
            StockOf<DupLockWord<StockLayout, V612>>(),
            EmbeddedOf<DupLockWord<EmbeddedLine4Layout, V612>>(),
            new Variant<DupLockWord<EmbeddedLine4Layout, DupCopiesLockWord>>
            {
                Name = "copied",
                Summary = "The copy of the VMA keeps the lock word that was copied, with the readers of the original.",
                Source = "mutant of the " + Rfc,
                Expected = Expectation.Violates(FindingKind.Deadlock, "vm_area_struct"),
                CorrectTwin = Embedded,
                CorpusEntry = "vma-dup-copies-lock-word",
            },
        ]);

    private static Scenario EndReadAfterFree() => new(
        "vma/end-read-after-free",
        "One task unlocks a VMA that another waits to unmap, and a third frees.",
        1,
        [
            StockOf<ReaderVsUnmapper<StockLayout, V612, RealLocks>>(),
            EmbeddedOf<ReaderVsUnmapper<EmbeddedLine4Layout, V612, RealLocks>>(),
            new Variant<ReaderVsUnmapper<StockLayout, UnlocksOutsideRcu, RealLocks>>
            {
                Name = "outside-rcu",
                Summary = "vma_end_read without its RCU read section.",
                Source = "mutant of " + Upstream,
                Expected = Expectation.Violates(FindingKind.UseAfterFree, "vma_lock")
                    .Or(FindingKind.DataRace, "races with free"),
                CorrectTwin = Stock,
                CorpusEntry = "vma-up-read-outside-rcu",
                ScheduleBudget = 300_000,
            },
            new Variant<ReaderVsUnmapper<EmbeddedLine4Layout, UnlocksOutsideRcu, RealLocks>>
            {
                Name = "outside-rcu-embedded",
                Summary = "The same with the lock in the VMA.",
                Source = "mutant of the " + Rfc,
                Expected = Expectation.Violates(FindingKind.UseAfterFree, "vm_area_struct")
                    .Or(FindingKind.DataRace, "races with free"),
                CorrectTwin = Embedded,
                CorpusEntry = "vma-up-read-outside-rcu",
                ScheduleBudget = 300_000,
            },
        ]);

    private static Scenario FaultVsMprotect() => new(
        "vma/fault-vs-mprotect",
        "One task writes a page that another makes read-only.",
        1,
        [
            StockOf<FaultVsMprotect<StockLayout, V612>>(),
            EmbeddedOf<FaultVsMprotect<EmbeddedLine4Layout, V612>>(),
            OrderMutant<FaultVsMprotect<StockLayout, SequenceWithoutAcquire>>(
                "no-acquire", "The second comparison of vma_start_read orders nothing."),
            OrderMutant<FaultVsMprotect<StockLayout, SequenceWithoutRelease>>(
                "no-release", "vma_end_write_all orders nothing."),
            new Variant<FaultVsMprotect<StockLayout, MprotectLeavesVmaUnlocked>>
            {
                Name = "vma-unlocked",
                Summary = "mprotect changes the VMA under mmap_lock alone.",
                Source = "mutant of " + Upstream,
                Expected = Expectation.Violates(
                    FindingKind.Invariant, "no PTE is writable in a VMA that is not")
                    .Or(FindingKind.DataRace, "vm_area_struct.VmFlags"),
                CorrectTwin = Stock,
            },
        ]);

    private static Scenario FaultVsMunmap() => new(
        "vma/fault-vs-munmap",
        "One task faults in a range that another unmaps and maps again.",
        1,
        [
            StockOf<FaultVsMunmap<StockLayout, V612>>(),
            EmbeddedOf<FaultVsMunmap<EmbeddedLine4Layout, V612>>(),
        ]);

    private static Scenario Fork() => new(
        "vma/fork",
        "One task writes two pages, one after the other, while another forks.",
        1,
        [
            StockOf<ForkVsWrites<StockLayout, V612>>(),
            EmbeddedOf<ForkVsWrites<EmbeddedLine4Layout, V612>>(),
            new Variant<ForkVsWrites<StockLayout, ForkLeavesParentUnlocked>>
            {
                Name = "parent-unlocked",
                Summary = "fork copies the page tables of VMAs that it has not locked.",
                Source = "before fb49c455323f, \"fork: lock VMAs of the parent process when forking\"",
                Expected = Expectation.Violates(
                    FindingKind.Invariant, "a child that has the second write has the first one too"),
                CorrectTwin = Stock,
                CorpusEntry = "vma-fork-parent-unlocked",
            },
        ]);

    private static Scenario FreeGracePeriod() => new(
        "vma/free-grace-period",
        "A lookup races with the unmapping and freeing of what it finds.",
        1,
        [
            StockOf<ReaderVsUnmapper<StockLayout, V612, AtomicLocks>>(),
            EmbeddedOf<ReaderVsUnmapper<EmbeddedLine4Layout, V612, AtomicLocks>>(),
            new Variant<ReaderVsUnmapper<StockLayout, FreesAtOnce, AtomicLocks>>
            {
                Name = "freed-at-once",
                Summary = "munmap frees the VMA and its lock without a grace period.",
                Source = "mutant of " + Upstream,
                Expected = Expectation.Violates(FindingKind.UseAfterFree, "after unmapper freed it")
                    .Or(FindingKind.DataRace, "races with free by unmapper"),
                CorrectTwin = Stock,
                CorpusEntry = "vma-free-without-grace-period",
            },
            new Variant<ReaderVsUnmapper<EmbeddedLine4Layout, FreesAtOnce, AtomicLocks>>
            {
                Name = "freed-at-once-embedded",
                Summary = "The same where the lock dies with the VMA.",
                Source = "mutant of the " + Rfc,
                Expected = Expectation.Violates(FindingKind.UseAfterFree, "after unmapper freed it")
                    .Or(FindingKind.DataRace, "races with free by unmapper"),
                CorrectTwin = Embedded,
                CorpusEntry = "vma-free-without-grace-period",
            },
        ]);

    private static Scenario IgnoredDetach() => new(
        "vma/ignored-detach",
        "A lookup races with the unmapping of what it finds.",
        1,
        [
            StockOf<IgnoredDetach<StockLayout, V612>>(),
            EmbeddedOf<IgnoredDetach<EmbeddedLine4Layout, V612>>(),
            new Variant<IgnoredDetach<StockLayout, IgnoresDetached>>
            {
                Name = "not-retried",
                Summary = "A lookup returns the VMA that it locked also when it is detached.",
                Source = "mutant of " + Upstream,
                Expected = Expectation.Violates(FindingKind.Invariant, "a VMA that a lookup locked is in the tree"),
                CorrectTwin = Stock,
            },
        ]);

    private static Scenario MissingRecheck() => new(
        "vma/missing-recheck",
        "A reader and a writer of one VMA, who must not be inside together.",
        1,
        [
            StockOf<MissingRecheck<StockLayout, V612>>(),
            EmbeddedOf<MissingRecheck<EmbeddedLine4Layout, V612>>(),
            new Variant<MissingRecheck<StockLayout, NoFirstComparison>>
            {
                Name = "no-first-comparison",
                Summary = "vma_start_read without its first comparison, which is only an optimisation.",
                Source = "equivalent mutant of " + Upstream,
                Expected = Expectation.Clean,
            },
            new Variant<MissingRecheck<StockLayout, NoRecheck>>
            {
                Name = "no-recheck",
                Summary = "vma_start_read without its second comparison.",
                Source = "mutant of " + Upstream,
                Expected = Expectation.Violates(FindingKind.Invariant, "is inside of a VMA together with a"),
                CorrectTwin = Stock,
                CorpusEntry = "vma-no-recheck-after-trylock",
            },
        ]);

    private static Scenario OppositeReadLocks() => new(
        "vma/opposite-read-locks",
        "Two tasks read-lock two VMAs in opposite directions, and a writer waits for each VMA.",
        1,
        [
            new Variant<OppositeReadLocks<StockLayout, LowerFirst>>
            {
                Name = "ordered",
                Summary = "All lock the lower VMA first.",
                Source = "correct twin of a mutant of " + Upstream,
                Expected = Expectation.Clean,
            },
            new Variant<OppositeReadLocks<StockLayout, TargetFirst>>
            {
                Name = "opposite",
                Summary = "Each locks its target first; with queued writers, readers wait for each other.",
                Source = "mutant of " + Upstream + ", uffd_move_lock without mmap_lock",
                Expected = Expectation.Violates(FindingKind.Deadlock, "vm_lock"),
                CorrectTwin = "ordered",
                CorpusEntry = "vma-opposite-read-locks",
                ScheduleBudget = 200_000,
            },
        ]);

    private static Scenario RefcountForeignMm() => new(
        "vma/refcnt-foreign-mm",
        "A lookup holds a VMA that was recycled into an address space which comes to its end.",
        1,
        [
            RefcountOf<RefcountForeignMm<V615>>(),
            new Variant<RefcountForeignMm<ForeignMmNotPinned>>
            {
                Name = "not-pinned",
                Summary = "The lookup wakes the writer of an address space that it has not pinned.",
                Source = "before 9bbffee67ffd, \"mm: fix a UAF when vma->mm is freed after vma->vm_refcnt got dropped\"",
                Expected = Expectation.Violates(FindingKind.UseAfterFree, "mm2.VmaWriterWait")
                    .Or(FindingKind.DataRace, "mm2.VmaWriterWait"),
                CorrectTwin = Refcount,
                CorpusEntry = "vma-foreign-mm-wakeup",
                ScheduleBudget = 20_000_000,
            },
        ]);

    private static Scenario RefcountRecycle() => new(
        "vma/refcnt-recycle",
        "A lookup races with the unmapping of what it finds, and with its reuse by another address space.",
        1,
        [
            RefcountOf<RefcountRecycle<V615>>(),
            new Variant<RefcountRecycle<AttachesWithoutRelease>>
            {
                Name = "attach-without-release",
                Summary = "The count of a new life may be seen before the life.",
                Source = "mutant of 3104138517fc",
                Expected = Expectation.Violates(
                    FindingKind.Invariant, "a VMA that was locked belongs to the space it was found in")
                    .Or(FindingKind.DataRace, "of vm_area_struct"),
                NeedsWeakMemory = true,
                CorrectTwin = Refcount,
                CorpusEntry = "vma-attach-no-release",
            },
            new Variant<RefcountRecycle<RecycledNotChecked>>
            {
                Name = "not-checked",
                Summary = "The lookup does not check whose VMA it has got hold of.",
                Source = "mutant of 3104138517fc, \"mm: make vma cache SLAB_TYPESAFE_BY_RCU\"",
                Expected = Expectation.Violates(
                    FindingKind.Invariant, "a VMA that was locked belongs to the space it was found in"),
                CorrectTwin = Refcount,
                CorpusEntry = "vma-recycled-not-checked",
            },
        ]);

    private static Scenario RefcountWakeup() => new(
        "vma/refcnt-wakeup",
        "A writer waits for the last reader of a VMA, who must wake it.",
        1,
        [
            RefcountOf<RefcountWakeup<V615>>(),
            new Variant<RefcountWakeup<WakesByOldCount>>
            {
                Name = "old-count",
                Summary = "The last reader looks at the count before it left.",
                Source = "mutant of v6.15",
                Expected = Expectation.Violates(FindingKind.MissedWakeup, "writer"),
                CorrectTwin = Refcount,
                CorpusEntry = "vma-writer-wakeup-miscompare",
            },
            new Variant<RefcountWakeup<WakesDetachedOnly>>
            {
                Name = "detached-only",
                Summary = "The last reader wakes the writer of a detached VMA only.",
                Source = "mutant of v6.15",
                Expected = Expectation.Violates(FindingKind.MissedWakeup, "writer"),
                CorrectTwin = Refcount,
                CorpusEntry = "vma-writer-wakeup-miscompare",
            },
        ]);

    private static Scenario SequenceRecheck() => new(
        "vma/seq-recheck",
        "Two readers lock a VMA without mmap_lock while a writer marks and changes it.",
        1,
        [
            StockOf<SequenceRecheck<StockLayout, V612>>(),
            EmbeddedOf<SequenceRecheck<EmbeddedLine4Layout, V612>>(),
            new Variant<SequenceRecheck<StockLayout, NoRecheck>>
            {
                Name = "no-recheck",
                Summary = "vma_start_read without its second comparison.",
                Source = "mutant of " + Upstream,
                Expected = Expectation
                    .Violates(FindingKind.Invariant, SequenceRecheck<StockLayout, NoRecheck>.Exclusion)
                    .Or(FindingKind.Invariant, "a writer is alone in a VMA")
                    .Or(FindingKind.Invariant, SequenceRecheck<StockLayout, NoRecheck>.Visibility),
                CorrectTwin = Stock,
                CorpusEntry = "vma-no-recheck-after-trylock",
            },
            Reordered<SequenceWithoutAcquire>(
                "no-acquire", "The second comparison of vma_start_read orders nothing."),
            Reordered<SequenceWithoutRelease>("no-release", "vma_end_write_all orders nothing."),
        ]);

    private static Scenario SequenceWrap() => new(
        "vma/seq-wrap",
        "A reader stays in a VMA while a writer counts the sequence number all the way round.",
        1,
        [
            new Variant<SequenceWrap<StockLayout, AlwaysLocks>>
            {
                Name = "always-lock",
                Summary = "Two bits; the writer waits for the readers whatever the numbers say.",
                Source = "correct twin of a mutant of " + Upstream,
                Expected = Expectation.Clean,
            },
            StockOf<SequenceWrap<StockLayout, V612>>(),
            EmbeddedOf<SequenceWrap<EmbeddedLine4Layout, V612>>(),
            new Variant<SequenceWrap<StockLayout, SequenceOfTwoBits>>
            {
                Name = "two-bits",
                Summary = "Numbers of two bits: an old mark comes to mean \"locked by me\".",
                Source = Upstream + " with numbers of 32 bits",
                Expected = Expectation.Violates(FindingKind.Invariant, "is inside of a VMA together with a"),
                CorrectTwin = "always-lock",
                CorpusEntry = "vma-seq-wraps",
            },
            new Variant<SequenceWrap<StockLayout, SequenceOfThreeBits>>
            {
                Name = "three-bits",
                Summary = "The same with three bits.",
                Source = Upstream + " with numbers of 32 bits",
                Expected = Expectation.Violates(FindingKind.Invariant, "is inside of a VMA together with a"),
                CorrectTwin = "always-lock",
                CorpusEntry = "vma-seq-wraps",
            },
        ]);

    private static Scenario UffdMoveVsMove() => new(
        "vma/uffd-move-vs-uffd-move",
        "Two tasks move pages between two VMAs in opposite directions while a third locks one for writing.",
        1,
        [
            StockOf<UffdMoveVsMove<StockLayout, V612>>(),
            EmbeddedOf<UffdMoveVsMove<EmbeddedLine4Layout, V612>>(),
        ]);

    private static Scenario UffdMoveVsMunmap() => new(
        "vma/uffd-move-vs-munmap",
        "One task moves a page between two VMAs that another unmaps.",
        1,
        [
            StockOf<UffdMoveVsMunmap<StockLayout, V612>>(),
            EmbeddedOf<UffdMoveVsMunmap<EmbeddedLine4Layout, V612>>(),
            new Variant<UffdMoveVsMunmap<StockLayout, MoveKeepsFirstLock>>
            {
                Name = "keeps-first-lock",
                Summary = "The mover waits for mmap_lock while it holds the first VMA.",
                Source = "hazard named by 867a43a34ff8, \"userfaultfd: use per-vma locks in userfaultfd operations\"",
                Expected = Expectation.Violates(FindingKind.Deadlock, "mmap_lock"),
                CorrectTwin = Stock,
                CorpusEntry = "vma-uffd-two-lock-fallback",
            },
        ]);

    private static Variant<TScenario> StockOf<TScenario>()
        where TScenario : struct, IScenario<TScenario>
        => new()
        {
            Name = Stock,
            Summary = "As merged: the lock is a slab object of its own.",
            Source = Upstream,
            Expected = Expectation.Clean,
        };

    private static Variant<TScenario> EmbeddedOf<TScenario>()
        where TScenario : struct, IScenario<TScenario>
        => new()
        {
            Name = Embedded,
            Summary = "The lock is embedded in the VMA, on its fourth cache line.",
            Source = Rfc,
            Expected = Expectation.Clean,
        };

    private static Variant<TScenario> RefcountOf<TScenario>()
        where TScenario : struct, IScenario<TScenario>
        => new()
        {
            Name = Refcount,
            Summary = "As merged: the lock is a reference count, and VMAs are recycled at once.",
            Source = "v6.15 with 9bbffee67ffd",
            Expected = Expectation.Clean,
        };

    private static Variant<TScenario> OrderMutant<TScenario>(string name, string summary)
        where TScenario : struct, IScenario<TScenario>
        => new()
        {
            Name = name,
            Summary = summary,
            Source = "before b1f02b95758d, \"mm: fix memory ordering for mm_lock_seq and vm_lock_seq\"",
            Expected = Expectation.Violates(FindingKind.DataRace, "vm_area_struct.VmFlags")
                .Or(FindingKind.Invariant, "no PTE is writable in a VMA that is not"),
            CorrectTwin = Stock,
            CorpusEntry = "vma-seq-no-acquire",
        };

    private static Variant<SequenceRecheck<StockLayout, TRule>> Reordered<TRule>(string name, string summary)
        where TRule : struct, IVmaRule
        => new()
        {
            Name = name,
            Summary = summary,
            Source = "before b1f02b95758d, \"mm: fix memory ordering for mm_lock_seq and vm_lock_seq\"",
            Expected = Expectation.Violates(
                FindingKind.Invariant, SequenceRecheck<StockLayout, TRule>.Visibility),
            NeedsWeakMemory = true,
            CorrectTwin = Stock,
            CorpusEntry = "vma-seq-no-acquire",
        };
}
