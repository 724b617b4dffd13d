using System.Collections.Generic;
using Stress.Machine;
using Stress.Mm.PageAlloc;

namespace Stress.Scenarios.Zone;

/// <summary>The scenarios of free lists and the isolation of pageblocks, in the order of their names.</summary>
public static class ZoneScenarios
{
    private const string Series = "[PATCH V2 0/6] mm: page_alloc: freelist migratetype hygiene";
    private const string Merged = "as merged (fd919a85cd55), v6.12";
    private const string Repaired = "as merged, with repairs of what v6.12 leaves open";
    private const string Mismatch = "page type is not the passed migratetype";
    private const string NotFree = "VM_BUG_ON_PAGE(!PageBuddy(page), page)";

    private static readonly Expectation s_typeWrong
        = Expectation.Violates(FindingKind.Invariant, ZoneAudit<Seed, TwoBlockBuddies>.TypeWrong);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new Scenario(
            "zone/alloc-free-isolate",
            "Pages are allocated and freed, through per-CPU lists and directly, while ranges are allocated whole.",
            1,
            [
                Right<AllocFreeIsolate<UpstreamFixed>>(
                    "upstream-fixed", "Blocks leave their buddy in one step.", Repaired),
                Right<AllocFreeIsolate<Upstream>>("upstream", "The same; no buddy spans four blocks.", Merged),
                Wrong<AllocFreeIsolate<Seed>>(
                    "seed", "The head of a buddy is taken off the list as of its new type.", Series,
                    Expectation.Violates(FindingKind.Invariant, ZoneAudit<Seed, TwoBlockBuddies>.FreeWrong),
                    "upstream-fixed", "isolation-head-typed-before-unlist"),
            ]),
        CaptureControlCatalog.Scenario,
        new Scenario(
            "zone/free-vs-steal",
            "A page is freed while an allocation of another type claims its pageblock.",
            1,
            [
                Right<FreeVsSteal<UpstreamFixed>>("upstream-fixed", "The type is read under the lock.", "55612e80e722"),
                Right<FreeVsSteal<Upstream>>("upstream", "The type is read under the lock.", "55612e80e722"),
                Wrong<FreeVsSteal<FreesByStaleType>>(
                    "stale-type", "The type is read before the lock is taken.", "before 55612e80e722",
                    Expectation.Violates(FindingKind.Warning, Mismatch), "upstream", "freelist-free-vs-steal"),
            ]),
        new Scenario(
            "zone/isolate-head",
            "The first of the two pageblocks of a free buddy is isolated.",
            1,
            [
                Right<IsolateHead<Upstream, CountsFirst>>(
                    "upstream", "Off the list, then the type, then back block by block.", Merged),
                Wrong<IsolateHead<Seed, CountsFirst>>(
                    "seed", "The count of free pages drifts: what is taken off as isolated is not subtracted.", Series,
                    Expectation.Violates(FindingKind.Invariant, IsolateHead<Seed, CountsFirst>.Drift), "upstream",
                    "isolation-head-typed-before-unlist"),
                Wrong<IsolateHead<Seed, ListsFirst>>(
                    "seed-lists", "The head leaves the list of one type as a page of another.", Series,
                    Expectation.Violates(
                        FindingKind.Invariant, ZoneAudit<Seed, TwoBlockBuddies>.TypedLengthWrong),
                    "upstream", "isolation-head-typed-before-unlist"),
            ]),
        new Scenario(
            "zone/isolate-last-tail",
            "The last of the four pageblocks of a free buddy is isolated while somebody allocates all of it.",
            1,
            [
                Right<IsolateLastTail<UpstreamFixed>>("upstream-fixed", "Freed in single blocks.", Repaired),
                Wrong<IsolateLastTail<Seed>>(
                    "seed", "Split behind the first block, the buddy merges again, an isolated block inside.", Series,
                    s_typeWrong, "upstream-fixed", "isolation-tail-split-at-wrong-block"),
            ]),
        new Scenario(
            "zone/isolate-tail",
            "The third of the four pageblocks of a free buddy is isolated while somebody allocates all of it.",
            1,
            [
                Right<IsolateTail<UpstreamFixed>>("upstream-fixed", "Freed in single blocks.", Repaired),
                Wrong<IsolateTail<Seed>>(
                    "seed", "Split behind the first block, the fourth follows the third onto its list.", Series,
                    s_typeWrong, "upstream-fixed", "isolation-tail-split-at-wrong-block"),
            ]),
        new Scenario(
            "zone/merge-types",
            "A page of two pageblocks is freed beside a free one of another type, as large.",
            1,
            [
                Right<MergeTypes<UpstreamFixed>>(
                    "upstream-fixed", "All blocks of the absorbed buddy change.",
                    "change_pageblock_range in the merge"),
                Wrong<MergeTypes<Upstream>>(
                    "upstream", "Only its first block changes.", "since e0932b6c1f94, v6.12",
                    s_typeWrong, "upstream-fixed", "freelist-merge-types-one-block"),
                Wrong<MergeTypes<RetypesOneBlock>>(
                    "one-block", "Only its first block changes.", "mutant of upstream-fixed",
                    s_typeWrong, "upstream-fixed", "freelist-merge-types-one-block"),
            ]),
        new Scenario(
            "zone/multi-block-free",
            "A page of two pageblocks is freed while its second block is isolated.",
            1,
            [
                Right<MultiBlockFree<Upstream>>("upstream", "Each block as of its own type.", Merged),
                Wrong<MultiBlockFree<FreesWhole>>(
                    "frees-whole", "All as of the type of the first block.", "a comment in " + Series,
                    s_typeWrong, "upstream", "isolation-multi-block-free"),
            ]),
        new Scenario(
            "zone/other-zone",
            "The first pageblock of a zone is isolated while the pages of the zone before it are taken into use.",
            1,
            [
                Right<OtherZone<UpstreamFixed>>(
                    "upstream-fixed", "The search for a straddling buddy ends at the zone's start.", Repaired),
                Wrong<OtherZone<ScansOtherZones>>(
                    "scans-other-zones", "It reads pages that another lock guards.", Series,
                    Expectation.Violates(FindingKind.Bug, NotFree), "upstream-fixed",
                    "isolation-scan-into-other-zone"),
                Wrong<OtherZone<Upstream>>(
                    "upstream", "It reads pages that another lock guards.", Merged,
                    Expectation.Violates(FindingKind.Bug, NotFree), "upstream-fixed",
                    "isolation-scan-into-other-zone"),
            ]),
        new Scenario(
            "zone/pcp-after-drain",
            "A pageblock is isolated to go offline while a page of it is freed to a per-CPU list.",
            1,
            [
                Right<PcpAfterDrain<Upstream>>("upstream", "The lists are disabled first.", "ec6e8c7e03b2"),
                Wrong<PcpAfterDrain<DrainsOnly>>(
                    "drains-only", "The lists are in use; a type that was read before isolation counts.",
                    "before ec6e8c7e03b2",
                    Expectation.Violates(FindingKind.Invariant, PcpAfterDrain<DrainsOnly>.LeftOnPcp), "upstream",
                    "isolation-pcp-after-drain"),
            ]),
        new Scenario(
            "zone/restore-stale-type",
            "A pageblock is isolated for a moment while somebody claims it for another type.",
            1,
            [
                Right<RestoreStaleType<UpstreamFixed>>(
                    "upstream-fixed", "The type to restore is read under the lock of the isolation.",
                    "reconstruction; v6.18 keeps it beside the isolation bit"),
                Wrong<RestoreStaleType<RestoresStaleType>>(
                    "stale-type", "It is read before.", Series,
                    Expectation.Violates(FindingKind.Invariant, RestoreStaleType<Seed>.TypeLost), "upstream-fixed",
                    "isolation-restore-stale-type"),
            ]),
        new Scenario(
            "zone/split-first",
            "The first of the two pageblocks of a free buddy is isolated, and its end is allocated from.",
            1,
            [
                Right<SplitFirstHead<Upstream>>(
                    "upstream", "Off the list, then the type, then back block by block.", Merged),
                Wrong<SplitFirstHead<SplitFirst>>(
                    "split-first", "Both halves are of one type when they are split, and merge again.",
                    "review of " + Series, s_typeWrong, "upstream", "isolation-split-first-remerges"),
            ]),
        new Scenario(
            "zone/split-without-recheck",
            "A free buddy that reaches over a boundary is split while somebody allocates it.",
            1,
            [
                Right<SplitWithoutRecheck<UpstreamFixed>>(
                    "rechecks", "Looks again under the lock, as v6.0 to v6.9 do.", "86d28b070927"),
                Wrong<SplitWithoutRecheck<SplitsUnchecked>>(
                    "unchecked", "Splits what was seen without the lock.", "before 86d28b070927",
                    Expectation.Violates(FindingKind.Bug, NotFree), "rechecks", "isolation-split-without-recheck"),
            ]),
        new Scenario(
            "zone/two-step-window",
            "The second of the two pageblocks of a free buddy is isolated while somebody allocates a page.",
            1,
            [
                Right<TwoStepWindow<Upstream>>("upstream", "One hold of the lock for type and split.", Merged),
                Right<TwoStepWindow<Seed>>("seed", "One hold too; a tail is split rightly.", Series),
                Wrong<TwoStepWindow<BeforeHygiene>>(
                    "before", "The lock is dropped between type and split.", "v6.5; report of 20 September 2023",
                    Expectation.Violates(FindingKind.Warning, Mismatch), "upstream", "isolation-two-step-window"),
            ]),
        new Scenario(
            "zone/undo-merged",
            "A page of two pageblocks is freed while each is isolated by somebody else, and one isolation ends.",
            1,
            [
                Right<UndoMerged<UpstreamFixed>>(
                    "upstream-fixed", "The merged page is split first; one block changes.", "reconstruction"),
                Wrong<UndoMerged<Upstream>>(
                    "upstream", "The merged page is freed again as a whole, the block that is still isolated too.",
                    "own derivation from unset_migratetype_isolate, v6.12; needs buddies of four pageblocks",
                    s_typeWrong, "upstream-fixed"),
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
