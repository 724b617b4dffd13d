using System.Collections.Generic;
using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>The scenarios of list_lru, in the order of their names.</summary>
public static class ListLruScenarios
{
    private const string Series = "[PATCH v2 09/21] mm: introduce kmem_cache_alloc_lru";
    private const string Merged = "mm/list_lru.c, v6.12";
    private const string Derived = "derived with the model; no report known";

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new Scenario(
            "list-lru/ancestor-order",
            "Two objects are allocated in a group below another, and the group goes offline.",
            1,
            [
                Upstream<AncestorOrder<Upstream>>("Installs all lists in one section, topmost first."),
                Repaired<AncestorOrder<ListLockRepaired>>("Installs one by one, topmost first."),
                Wrong<AncestorOrder<ChildFirst>>(
                    "child-first", "Installs one by one, the child's first.", "mutant",
                    Expectation.Violates(FindingKind.Invariant, LruWorld<Upstream>.AncestorLacksLists),
                    "lru-child-before-ancestor"),
            ]),
        new Scenario(
            "list-lru/count-moving",
            "The items of a node are counted while they move to the parent.",
            1,
            [
                Upstream<CountMoving<Upstream>>("The node has a count."),
                Repaired<CountMoving<ListLockRepaired>>("The node has an atomic count."),
                Wrong<CountMoving<CountsLists>>(
                    "sum-of-lists", "Adds up the lists, the root's first.",
                    "before \"mm/list_lru.c: fix list_lru_count_node() to be race free\"",
                    Expectation.Violates(FindingKind.Invariant, CountMoving<Upstream>.Miscounted),
                    "lru-count-sums-moving-lists"),
            ]),
        new Scenario(
            "list-lru/counter-order",
            "The counts of two lists are added up without a lock while items move from one to the other.",
            1,
            [
                Upstream<CounterOrder<Upstream>>("Added to the parent's count first: items may be seen twice."),
                Wrong<CounterOrder<ZeroesFirst>>(
                    "zero-first", "Taken off the child's count first: items may be missed.", "mutant",
                    Expectation.Violates(FindingKind.Invariant, CounterOrder<Upstream>.ItemsMissed),
                    "lru-counter-moved-in-wrong-order"),
            ]),
        new Scenario(
            "list-lru/drain-order",
            "Two of three items are deleted while their group goes offline.",
            1,
            [
                Repaired<DrainOrder<ListLockRepaired>>("Lists are moved before their slot is cleared."),
                Upstream<DrainOrder<Upstream>>("One lock for all lists of a node."),
                Wrong<DrainOrder<ListLock>>(
                    "list-lock", "The slot is cleared first: a deleter takes the parent's lock for the child's list.",
                    "fb56fdf8b9a2; CVE-2026-53153",
                    Expectation.Violates(FindingKind.Invariant, DrainOrder<Upstream>.Uncounted)
                        .Or(FindingKind.DataRace, "in list_lru_del"),
                    "lru-clear-slot-before-drain", twin: "list-lock-repaired"),
            ]),
        new Scenario(
            "list-lru/grow-vs-install",
            "Lists are installed while the array of slots is replaced by a larger one.",
            1,
            [
                Right<GrowVsInstall<SeedRepaired>>(
                    "seed-repaired", "Copies and publishes under lru->lock.", "patches 9 and 15 of the series"),
                Right<GrowVsInstall<Eager>>("eager", "Slots never change; copies without a lock.", "before " + Series),
                Wrong<GrowVsInstall<GrowsUnlocked>>(
                    "unlocked-copy", "What is installed during the copy is lost.", "mutant of " + Series,
                    Expectation.Violates(FindingKind.Invariant, GrowVsInstall<Upstream>.ListsLost)
                        .Or(FindingKind.DataRace, "lru.MemcgLrus"),
                    twin: "seed-repaired"),
            ]),
        new Scenario(
            "list-lru/id-reuse",
            "An object is put on a list while its group goes offline and another one gets its id.",
            1,
            [
                Upstream<IdReuse<Upstream>>("The id is read under the lock of the node, and redirected before."),
                Repaired<IdReuse<ListLockRepaired>>("An id is free when the group is freed."),
                Wrong<IdReuse<ListLockDrainsFirst>>(
                    "drain-first", "An id is free when the lists are moved: its slot may be another group's.",
                    Derived + "; as \"mm/list_lru: drain before clearing xarray entry on reparent\"",
                    Expectation.Violates(FindingKind.Invariant, LruWorld<Upstream>.Misplaced),
                    twin: "list-lock-repaired"),
            ]),
        new Scenario(
            "list-lru/install-after-drain",
            "An object is allocated in a group that goes offline, and another group gets its id.",
            1,
            [
                Upstream<InstallAfterDrain<Upstream>>("The id is the parent's before the slot is cleared."),
                Repaired<InstallAfterDrain<ListLockRepaired>>("Nothing is installed for a dying group."),
                Wrong<InstallAfterDrain<SeedKeepsId>>(
                    "seed-keeps-id", "Lists are installed in a slot that was cleared, under an id that was freed.",
                    Series + ", on demand",
                    Expectation.Violates(FindingKind.Invariant, InstallAfterDrain<Upstream>.ListsOfAnother)
                        .Or(FindingKind.DataRace, "memcg_lrus")
                        .Or(FindingKind.UseAfterFree, "null pointer"),
                    "lru-install-after-drain"),
            ]),
        new Scenario(
            "list-lru/memcg-freed-under-add",
            "An object is put on a list while its group goes offline and is freed.",
            1,
            [
                Upstream<MemcgFreedUnderAdd<Upstream>>("Owner and id are read in one RCU section.", "5161b48712dc"),
                Repaired<MemcgFreedUnderAdd<ListLockRepaired>>("Likewise."),
                Wrong<MemcgFreedUnderAdd<ResolvesOutsideRcu>>(
                    "outside-rcu", "The owner is used after it was found, without a section.", "CVE-2024-43888",
                    Expectation.Violates(FindingKind.UseAfterFree, "mem_cgroup")
                        .Or(FindingKind.DataRace, "races with free"),
                    "lru-memcg-freed-under-add"),
            ]),
        new Scenario(
            "list-lru/objcg-retry",
            "An object is allocated while its owner loses its last reference.",
            1,
            [
                Upstream<ObjcgRetry<Upstream>>("Objects get a new owner before the old one loses its reference."),
                Wrong<ObjcgRetry<ReparentsAfterKill>>(
                    "reparent-last", "The new owner comes after a grace period, which waits for those who wait for it.",
                    "mutant", Expectation.Violates(FindingKind.RcuStall, "held up by allocator"),
                    "lru-objcg-retry-vs-rcu"),
            ]),
        new Scenario(
            "list-lru/object-without-list",
            "Two objects of a group are put on its list; one may be allocated without naming the list_lru.",
            1,
            [
                Upstream<ObjectWithoutList<Upstream, NamesLru>>("Both are allocated by kmem_cache_alloc_lru."),
                Right<ObjectWithoutList<Eager, NamesNoLru>>(
                    "eager", "Lists are there for everybody.", "before " + Series),
                Wrong<ObjectWithoutList<Upstream, NamesNoLru>>(
                    "plain-alloc", "One is allocated by kmem_cache_alloc, and may find no list.", "mutant",
                    Expectation.Violates(FindingKind.UseAfterFree, "null pointer"), "lru-object-without-list"),
            ]),
        new Scenario(
            "list-lru/offline-vs-alloc",
            "An object is allocated in a group that goes offline.",
            1,
            [
                Upstream<OfflineVsAlloc<Upstream>>("The id is tested when it is read again under the lock."),
                Right<OfflineVsAlloc<SeedRepaired>>(
                    "seed-repaired", "The same, with the growing array.", "patches 9 and 15 of the series"),
                Right<OfflineVsAlloc<Eager>>("eager", "All lists are there.", "before " + Series),
                Repaired<OfflineVsAlloc<ListLockRepaired>>("Nothing is installed for a dying group."),
                new Variant<OfflineVsAlloc<PublishesPlainly>>
                {
                    Name = "plain-publish",
                    Summary = "Lists are stored into their slot plainly, and may be found before they are initialised.",
                    Source = Series,
                    Expected = Expectation.Violates(FindingKind.DataRace, "memcg_lrus"),
                    CorrectTwin = "upstream",
                    CorpusEntry = "lru-install-plain-publish",
                },
                Wrong<OfflineVsAlloc<Seed>>(
                    "seed", "The id is read again under the lock and used as an index untested: it is -1.", Series,
                    Expectation.Violates(FindingKind.Bug, ListLru<Upstream>.IndexOutside)
                        .Or(FindingKind.DataRace, "memcg_lrus"),
                    "lru-install-index-minus-one"),
            ]),
        new Scenario(
            "list-lru/publish-vs-count",
            "The lists of a group are made while its items are counted without a lock.",
            1,
            [
                Upstream<PublishVsCount<Upstream>>("Lists are initialised, and then published by a release."),
                Repaired<PublishVsCount<ListLockRepaired>>("The same, with a lock for each list."),
                new Variant<PublishVsCount<PublishesPlainly>>
                {
                    Name = "plain-publish",
                    Summary = "Lists are stored into their slot plainly, and may be found before they are initialised.",
                    Source = Series,
                    Expected = Expectation.Violates(FindingKind.DataRace, "memcg_lrus")
                        .Or(FindingKind.Invariant, PublishVsCount<Upstream>.Garbage),
                    CorrectTwin = "upstream",
                    CorpusEntry = "lru-install-plain-publish",
                },
            ]),
        new Scenario(
            "list-lru/shrink-vs-offline",
            "Objects are made, deleted and reclaimed while their groups come and go.",
            1,
            [
                Upstream<ShrinkVsOffline<Upstream>>("One lock for all lists of a node."),
                Right<ShrinkVsOffline<SeedRepaired>>(
                    "seed-repaired", "The same, with the growing array.", "patches 9 and 15 of the series"),
                Right<ShrinkVsOffline<Eager>>("eager", "All lists are there.", "before " + Series),
                Repaired<ShrinkVsOffline<ListLockRepaired>>("A lock for each list."),
            ]),
        new Scenario(
            "list-lru/shrinker-bit",
            "An object is put on a list while its group goes offline, below a group whose lists are empty.",
            1,
            [
                Repaired<ShrinkerBit<ListLockRepaired>>("The owner of the list is marked."),
                Wrong<ShrinkerBit<Upstream>>(
                    "upstream", "The group that the object was found with is marked.", Derived + "; " + Merged,
                    Expectation.Violates(FindingKind.Invariant, LruWorld<Upstream>.Unmarked),
                    twin: "list-lock-repaired"),
                Wrong<ShrinkerBit<ListLockDrainsFirst>>(
                    "drain-first", "The same, with a lock for each list.", Derived + "; mm/list_lru.c, v6.18",
                    Expectation.Violates(FindingKind.Invariant, LruWorld<Upstream>.Unmarked),
                    twin: "list-lock-repaired"),
            ]),
        new Scenario(
            "list-lru/walk-saved-next",
            "A walk frees an item with the lock dropped while another task deletes the next one.",
            1,
            [
                Upstream<WalkSavedNext<Upstream>>("Starts again at the head."),
                Repaired<WalkSavedNext<ListLockRepaired>>("Looks the list up again."),
                Wrong<WalkSavedNext<KeepsSavedNext>>(
                    "saved-next", "Goes on with the next item that it had noted.", "mutant",
                    Expectation.Violates(FindingKind.UseAfterFree, "lru_object")
                        .Or(FindingKind.DataRace, "races with free"),
                    "lru-walk-keeps-saved-next"),
            ]),
    ];

    private static Variant<TScenario> Right<TScenario>(string name, string summary, string source)
        where TScenario : struct, IScenario<TScenario>
        => new() { Name = name, Summary = summary, Source = source, Expected = Expectation.Clean };

    private static Variant<TScenario> Upstream<TScenario>(string summary, string source = Merged)
        where TScenario : struct, IScenario<TScenario>
        => Right<TScenario>("upstream", summary, source);

    private static Variant<TScenario> Repaired<TScenario>(string summary)
        where TScenario : struct, IScenario<TScenario>
        => Right<TScenario>("list-lock-repaired", summary, "mm/list_lru.c, v6.18, with all repairs");

    private static Variant<TScenario> Wrong<TScenario>(
        string name, string summary, string source, Expectation expected, string? entry = null,
        string twin = "upstream")
        where TScenario : struct, IScenario<TScenario>
        => new()
        {
            Name = name,
            Summary = summary,
            Source = source,
            Expected = expected,
            CorrectTwin = twin,
            CorpusEntry = entry,
        };
}
