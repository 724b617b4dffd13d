using System.Collections.Generic;
using Stress.Machine;
using Stress.Mm.ListLru;
using Stress.Mm.PageAlloc;
using Stress.Mm.PageMetadata;
using Stress.Scenarios.ListLru;
using Stress.Scenarios.Zone;
using LruUpstream = Stress.Mm.ListLru.Upstream;
using MetadataUpstream = Stress.Mm.PageMetadata.Upstream;
using ZoneFixed = Stress.Mm.PageAlloc.UpstreamFixed;
using ZoneSeed = Stress.Mm.PageAlloc.Seed;
using ZoneUpstream = Stress.Mm.PageAlloc.Upstream;

namespace Stress.Scenarios.Mixed;

/// <summary>The scenarios in which subsystems meet, in the order of their names.</summary>
public static class MixedScenarios
{
    private const string Merged = "v6.12";
    private const string Repaired = "v6.12, with repairs of what it leaves open";
    private const string Mutant = "mutant";

    private static readonly Expectation s_walkStrays
        = Expectation.Violates(FindingKind.Invariant, LruWorld<LruUpstream>.CountWrong)
            .Or(FindingKind.UseAfterFree, "lru_object")
            .Or(FindingKind.DataRace, "races with free");

    private static readonly Expectation s_metadataMiscounted
        = Expectation.Violates(FindingKind.Invariant, MemoryMap<SparseMemVmemmap, ByNode>.CountWrong);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new Scenario(
            "mm/fault-vs-isolation",
            "A fault takes its page from a zone, and an unmapping gives one back, while pageblocks are isolated.",
            1,
            [
                Right<FaultVsIsolation<ZoneFixed>>(
                    "upstream-fixed", "Lists are disabled, and type and split are one step.", Repaired),
                Right<FaultVsIsolation<ZoneUpstream>>("upstream", "The same; the zone is alone.", Merged),
                Wrong<FaultVsIsolation<BeforeHygiene>>(
                    "before", "The fault finds a page whose type has changed and that is not split yet.",
                    "v6.5 to v6.9",
                    Expectation.Violates(FindingKind.Warning, "page type is not the passed migratetype"),
                    "upstream-fixed"),
                Wrong<FaultVsIsolation<DrainsOnly>>(
                    "drains-only", "An unmapped page goes to a per-CPU list after the lists were drained.",
                    "before ec6e8c7e03b2",
                    Expectation.Violates(FindingKind.Invariant, PcpAfterDrain<DrainsOnly>.LeftOnPcp),
                    "upstream-fixed"),
            ]),
        new Scenario(
            "mm/hugetlb-vs-meminfo",
            "Huge pages are mapped and given back on one CPU, with their maps, while somebody reads meminfo.",
            1,
            [
                Right<HugetlbVsMeminfo<MetadataUpstream>>("upstream", "Two global counters.", "mm/sparse.c, v6.18"),
                Right<HugetlbVsMeminfo<ByNode>>(
                    "by-node", "A counter for each node.", "reconstruction: v4 with every defect repaired"),
                Wrong<HugetlbVsMeminfo<UnsafeForm>>(
                    "unsafe-form", "Counts by node, from preemptible code, in a form that wants preemption off.",
                    Mutant, s_metadataMiscounted.Or(FindingKind.DataRace, "node+0x8"), "by-node"),
                Wrong<HugetlbVsMeminfo<EachRestoredCounted>>(
                    "each-counted", "Pages stay counted that were freed when a map could not be made whole.",
                    Mutant, s_metadataMiscounted, "upstream"),
            ]),
        new Scenario(
            "mm/mixed",
            "Faults, reservations, object lists, pageblocks and memory maps at once.",
            1,
            [
                Right<WholeMachine<LruUpstream, ZoneFixed>>(
                    "upstream-fixed", "The best known version of each.", Repaired),
                Right<WholeMachine<ListLockRepaired, ZoneUpstream>>(
                    "list-lock-repaired", "The same, with a lock for each list of objects.",
                    "mm/list_lru.c, v6.18, with all repairs"),
                Wrong<WholeMachine<LruUpstream, ZoneSeed>>(
                    "zone-seed", "The isolator takes the head of a buddy off the list as of its new type.",
                    "[PATCH V2 0/6] mm: page_alloc: freelist migratetype hygiene",
                    Expectation.Violates(FindingKind.Invariant, ZoneAudit<ZoneSeed, TwoBlockBuddies>.FreeWrong),
                    "upstream-fixed"),
            ]),
        new Scenario(
            "mm/shrink-vs-offline-vs-alloc",
            "A group's objects are reclaimed while one of them is replaced and the group goes offline.",
            1,
            [
                Right<ShrinkVsOfflineVsAlloc<LruUpstream>>("upstream", "One lock for all lists of a node.", Merged),
                Right<ShrinkVsOfflineVsAlloc<ListLockRepaired>>(
                    "list-lock-repaired", "A lock for each list.", "mm/list_lru.c, v6.18, with all repairs"),
                Wrong<ShrinkVsOfflineVsAlloc<ResolvesOutsideRcu>>(
                    "outside-rcu", "The owner of an object is used after it was found, without a read section.",
                    "CVE-2024-43888",
                    Expectation.Violates(FindingKind.UseAfterFree, "mem_cgroup")
                        .Or(FindingKind.DataRace, "races with free"),
                    "upstream"),
                Wrong<ShrinkVsOfflineVsAlloc<KeepsSavedNext>>(
                    "saved-next", "A walk goes on with the next item that it had noted, though the lock was dropped.",
                    Mutant, s_walkStrays, "upstream"),
            ]),
    ];

    private static Variant<TScenario> Right<TScenario>(string name, string summary, string source)
        where TScenario : struct, IScenario<TScenario>
        => new() { Name = name, Summary = summary, Source = source, Expected = Expectation.Clean };

    private static Variant<TScenario> Wrong<TScenario>(
        string name, string summary, string source, Expectation expected, string twin)
        where TScenario : struct, IScenario<TScenario>
        => new()
        {
            Name = name,
            Summary = summary,
            Source = source,
            Expected = expected,
            CorrectTwin = twin,
        };
}
