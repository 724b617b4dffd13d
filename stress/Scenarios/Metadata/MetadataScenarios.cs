using System.Collections.Generic;
using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>The scenarios of the accounting of per-page metadata, in the order of their names.</summary>
public static class MetadataScenarios
{
    private const string Patch = "[PATCH v4 1/1] mm: report per-page metadata information";
    private const string Review = Patch + ", review";
    private const string Merged = "9d8573111024 (v6.12)";
    private const string Later = "mm/sparse.c, v6.18";
    private const string Own = "reconstruction: v4 with every defect repaired";
    private const string OwnRepair = "reconstruction: v6.18 with its counters by origin";
    private const string Mutant = "mutant";

    private static readonly Expectation s_countWrong
        = Expectation.Violates(FindingKind.Invariant, MemoryMap<SparseMem, V4>.CountWrong);

    private static readonly Expectation s_poisoned = Expectation.Violates(FindingKind.Bug, PageFrame.PoisonText);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new Scenario(
            "metadata/boot-buffer",
            "The machine boots with one section and a buffer for the maps of two.",
            1,
            [
                Right<BootAccounting<SparseMem, Upstream>>(
                    "upstream", "Each map is counted.", Later),
                Right<BootAccounting<SparseMem, ByNode>>(
                    "by-node", "Each map is counted on its node.", Own),
                Wrong<BootAccounting<SparseMem, V4>>(
                    "v4",
                    "The whole buffer is counted, and what is left over is given back uncounted.",
                    Patch,
                    s_countWrong,
                    "by-node"),
                Wrong<BootAccounting<SparseMem, V612>>(
                    "upstream-6.12",
                    "The whole buffer is counted, and what is left over is given back uncounted.",
                    Merged,
                    s_countWrong,
                    "upstream"),
            ]),
        new Scenario(
            "metadata/boot-flat",
            "The machine boots with one map and one table of page_ext for each node.",
            1,
            [
                Right<BootAccounting<FlatMem, Upstream>>(
                    "upstream", "Both are counted as pages of boot.", Later),
                Right<BootAccounting<FlatMem, ByNode>>(
                    "by-node", "Both are counted in the early array.", Own),
                Right<BootAccounting<FlatMem, V4>>(
                    "v4", "The map is counted in the early array, page_ext on boot_nodestats.", Patch),
            ]),
        new Scenario(
            "metadata/boot-order",
            "The machine boots, and maps are populated before the nodes have counters.",
            1,
            [
                Right<BootAccounting<SparseMemVmemmap, Upstream>>(
                    "upstream", "A global counter is always there.", Later),
                Right<BootAccounting<SparseMemVmemmap, ByNode>>(
                    "early-array", "Pages are counted in an array until there are counters.", Own),
                Wrong<BootAccounting<SparseMemVmemmap, V4>>(
                    "v4",
                    "__populate_section_memmap counts on the node.",
                    Patch,
                    Expectation.Violates(FindingKind.Bug, "pgdat->per_cpu_nodestats == NULL"),
                    "early-array"),
                Wrong<BootAccounting<SparseMemVmemmap, DirectAtBoot>>(
                    "direct",
                    "The one defect alone.",
                    Mutant,
                    Expectation.Violates(FindingKind.Bug, "pgdat->per_cpu_nodestats == NULL"),
                    "early-array"),
            ]),
        new Scenario(
            "metadata/boot-section",
            "A section that has been there since boot is removed.",
            1,
            [
                Right<BootSection<SparseMem, Upstream>>(
                    "upstream", "Its map is subtracted from the counter of boot.", Later),
                Right<BootSection<SparseMemVmemmap, Upstream>>(
                    "upstream-vmemmap", "The same, with a virtual memory map.", Later),
                Right<BootSection<SparseMem, ByNode>>(
                    "by-node", "Its map is subtracted from its node.", Own),
                Wrong<BootSection<SparseMem, V4>>(
                    "v4",
                    "Only depopulate_section_memmap subtracts, which maps of boot do not pass.",
                    Patch,
                    s_countWrong,
                    "by-node",
                    "meta-bootmem-section-never-uncounted"),
                Wrong<BootSection<SparseMemVmemmap, V612>>(
                    "upstream-6.12",
                    "As v4: the counter of boot only rises.",
                    Merged,
                    s_countWrong,
                    "upstream-vmemmap",
                    "meta-bootmem-section-never-uncounted"),
            ]),
        new Scenario(
            "metadata/boot-section-optimised",
            "A section of boot, in which a map was optimised, is removed.",
            1,
            [
                Right<BootSectionOptimised<UpstreamFixed>>(
                    "by-origin", "Each page is subtracted where it was counted.", OwnRepair),
                Right<BootSectionOptimised<ByNode>>(
                    "by-node", "There is one counter for both origins.", Own),
                Wrong<BootSectionOptimised<Upstream>>(
                    "upstream",
                    "All of the map is subtracted from the counter of boot, which replaced pages had left already.",
                    Later,
                    Expectation.Violates(FindingKind.Invariant, MemoryMap<SparseMem, V4>.Negative),
                    "by-origin"),
            ]),
        new Scenario(
            "metadata/depopulate-poisoned",
            "A section goes offline, is removed, and comes back.",
            1,
            [
                Right<DepopulatePoisoned<Upstream>>(
                    "upstream", "Two global counters.", Later),
                Right<DepopulatePoisoned<ByNode>>(
                    "by-node", "Asks the page that the map lies in for its node.", Own),
                Wrong<DepopulatePoisoned<V4>>(
                    "v4",
                    "Asks the removed memory's struct page for its node.",
                    Patch + " (seen as an oops in v6.11-rc1)",
                    s_poisoned,
                    "by-node",
                    "meta-pgdat-after-free"),
                Wrong<DepopulatePoisoned<NodeReadOfRemoved>>(
                    "removed-node",
                    "The one defect alone.",
                    Mutant,
                    s_poisoned,
                    "by-node",
                    "meta-pgdat-after-free"),
            ]),
        new Scenario(
            "metadata/error-path-leak",
            "The maps of two huge pages are restored while one allocation may fail.",
            1,
            [
                Right<FailingRemap<Restoring, Upstream>>(
                    "upstream", "Two global counters.", Later),
                Right<FailingRemap<Restoring, ByNode>>(
                    "by-node", "A counter for each node.", Own),
                Wrong<FailingRemap<Restoring, V4>>(
                    "v4",
                    "Pages are counted one by one, and freed uncounted when the next one fails.",
                    Review,
                    s_countWrong,
                    "by-node",
                    "meta-error-path-leak"),
                Wrong<FailingRemap<Restoring, EachRestoredCounted>>(
                    "each-counted",
                    "The one defect alone.",
                    Mutant,
                    s_countWrong,
                    "upstream",
                    "meta-error-path-leak"),
            ]),
        new Scenario(
            "metadata/hotplug-vs-optimise",
            "Maps are optimised and restored in two sections of which one is removed, while a walker looks at them.",
            1,
            [
                Right<HotplugVsOptimise<Upstream>>(
                    "upstream", "Two global counters.", Later),
                Right<HotplugVsOptimise<ByNode>>(
                    "by-node", "A counter for each node.", Own),
                Wrong<HotplugVsOptimise<TlbNotFlushed>>(
                    "no-flush",
                    "The pages of an optimised map are freed while a load may still go through an old entry.",
                    Mutant,
                    s_poisoned.Or(FindingKind.DataRace, "page.First"),
                    "upstream"),
            ]),
        new Scenario(
            "metadata/node-mismatch",
            "page_ext is wanted on a full node, lies on the other one, and is freed again.",
            1,
            [
                Right<NodeMismatch<Upstream>>(
                    "upstream", "Two global counters.", Later),
                Right<NodeMismatch<ByNode>>(
                    "by-node", "A counter for each node.", Own),
                Wrong<NodeMismatch<V4>>(
                    "v4",
                    "Counted on the wanted node, subtracted from the real one, and clamped on each.",
                    Patch,
                    Expectation.Violates(FindingKind.Invariant, MetadataWorld<SparseMem, V4>.ShownWrong),
                    "by-node",
                    "meta-node-mismatch-clamped"),
                Wrong<NodeMismatch<WantedNodeCharged>>(
                    "wanted-node",
                    "The one defect alone.",
                    Mutant,
                    Expectation.Violates(FindingKind.Invariant, MetadataWorld<SparseMem, V4>.ShownWrong),
                    "by-node",
                    "meta-node-mismatch-clamped"),
            ]),
        new Scenario(
            "metadata/optimise-vs-meminfo",
            "Two tasks of one CPU optimise and restore maps, and somebody reads meminfo.",
            1,
            [
                Right<OptimiseVsMeminfo<Upstream>>(
                    "upstream", "Two global counters.", Later),
                Right<OptimiseVsMeminfo<ByNode>>(
                    "by-node", "A counter for each node.", Own),
                Wrong<OptimiseVsMeminfo<V4>>(
                    "v4",
                    "__mod_node_page_state from preemptible code.",
                    Patch + "; the changelog of v6",
                    s_countWrong.Or(FindingKind.DataRace, "node+0x8"),
                    "by-node",
                    "stat-nonatomic-mod-preempted"),
                Wrong<OptimiseVsMeminfo<UnsafeForm>>(
                    "unsafe-form",
                    "The one defect alone.",
                    Mutant,
                    s_countWrong.Or(FindingKind.DataRace, "node+0x8"),
                    "by-node",
                    "stat-nonatomic-mod-preempted"),
                Wrong<OptimiseVsMeminfo<EachRestoredCounted>>(
                    "each-counted",
                    "No update is lost, but pages stay counted that were freed on the error path.",
                    Mutant,
                    s_countWrong,
                    "upstream",
                    "meta-error-path-leak"),
            ]),
        new Scenario(
            "metadata/page-ext-vs-offline",
            "Somebody uses the page_ext of a section that goes offline and comes back.",
            1,
            [
                Right<PageExtVsOffline<Upstream>>(
                    "upstream", "Two global counters.", Later),
                Right<PageExtVsOffline<ByNode>>(
                    "by-node", "A counter for each node.", Own),
                Wrong<PageExtVsOffline<ExtFreedAtOnce>>(
                    "no-grace-period",
                    "The table is freed under its readers.",
                    Mutant,
                    Expectation.Violates(FindingKind.UseAfterFree, "page_ext#")
                        .Or(FindingKind.DataRace, "page_ext.Entry"),
                    "upstream"),
                Wrong<PageExtVsOffline<ExtNotInvalidated>>(
                    "not-invalidated",
                    "The table can be found until it is freed.",
                    Mutant,
                    Expectation.Violates(FindingKind.UseAfterFree, "page_ext#")
                        .Or(FindingKind.DataRace, "page_ext.Entry"),
                    "upstream"),
            ]),
        new Scenario(
            "metadata/pgdat-after-free",
            "The pages that an optimised map gives back lie in memory that goes offline.",
            1,
            [
                Right<PgdatAfterFree<Upstream>>(
                    "upstream", "Two global counters.", Later),
                Right<PgdatAfterFree<ByNode>>(
                    "by-node", "A page is asked for its node while it is held.", Own),
                Wrong<PgdatAfterFree<V4>>(
                    "v4",
                    "A page is asked for its node after it was freed.",
                    Patch,
                    s_poisoned,
                    "by-node",
                    "meta-pgdat-after-free"),
                Wrong<PgdatAfterFree<NodeReadAfterFree>>(
                    "freed-first",
                    "The one defect alone.",
                    Mutant,
                    s_poisoned,
                    "by-node",
                    "meta-pgdat-after-free"),
            ]),
        new Scenario(
            "metadata/plus-512",
            "A huge page of 2 MiB is allocated, and two parts of one of 1 GiB are freed: no metadata changes.",
            1,
            [
                Right<PlusHugePages<Upstream>>(
                    "upstream", "Two global counters.", Later),
                Right<PlusHugePages<ByNode>>(
                    "by-node", "A counter for each node.", Own),
                Wrong<PlusHugePages<V4>>(
                    "v4",
                    "512 pages are counted for each huge page, also when it is freed as part of a larger one.",
                    Review,
                    s_countWrong,
                    "by-node",
                    "meta-plus-512"),
                Wrong<PlusHugePages<HugePagesCounted>>(
                    "counted",
                    "The one defect alone.",
                    Mutant,
                    s_countWrong,
                    "by-node",
                    "meta-plus-512"),
            ]),
        new Scenario(
            "metadata/reuse-page-failure",
            "The maps of two huge pages are optimised while one allocation may fail.",
            1,
            [
                Right<FailingRemap<Optimising, Upstream>>(
                    "upstream", "Two global counters.", Later),
                Right<FailingRemap<Optimising, ByNode>>(
                    "by-node", "A counter for each node.", Own),
                Wrong<FailingRemap<Optimising, V4>>(
                    "v4",
                    "A fresh head page is counted that there is not.",
                    Review,
                    s_countWrong,
                    "by-node",
                    "meta-reuse-page-failure"),
                Wrong<FailingRemap<Optimising, MissingHeadCounted>>(
                    "missing-head",
                    "The one defect alone.",
                    Mutant,
                    s_countWrong,
                    "upstream",
                    "meta-reuse-page-failure"),
            ]),
        new Scenario(
            "metadata/split-vs-split",
            "Two batches begin by splitting the huge mapping that their huge pages share.",
            1,
            [
                Right<SplitVsSplit<Upstream>>(
                    "upstream", "Who comes second finds a table, and frees his own.", Later),
                Wrong<SplitVsSplit<PmdNotRechecked>>(
                    "no-recheck",
                    "The second table replaces the first.",
                    Mutant,
                    Expectation.Violates(FindingKind.Leak, "pte_table#"),
                    "upstream"),
            ]),
        new Scenario(
            "metadata/usage-vs-remove",
            "Somebody asks whether a page exists while its section is removed and added.",
            1,
            [
                Right<UsageVsRemove<Upstream>>(
                    "upstream", "Two global counters.", Later),
                Wrong<UsageVsRemove<UsageFreedAtOnce>>(
                    "freed-at-once",
                    "The subsection bitmap is freed without a grace period.",
                    "before 5ec8e8ea8b77",
                    Expectation.Violates(FindingKind.UseAfterFree, "mem_section_usage#")
                        .Or(FindingKind.DataRace, "mem_section_usage.SubsectionMap"),
                    "upstream"),
            ]),
    ];

    private static Variant<TScenario> Right<TScenario>(string name, string summary, string source)
        where TScenario : struct, IScenario<TScenario>
        => new() { Name = name, Summary = summary, Source = source, Expected = Expectation.Clean };

    private static Variant<TScenario> Wrong<TScenario>(
        string name, string summary, string source, Expectation expected, string twin, string? entry = null)
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
