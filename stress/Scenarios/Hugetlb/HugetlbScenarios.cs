using System.Collections.Generic;
using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>The scenarios of hugetlb reservations, in the order of their names.</summary>
public static class HugetlbScenarios
{
    private const string Series = "[PATCH v7 5/9] hugetlb: disable region_add file_region coalescing";
    private const string Repaired = "as merged (0db9d74ed884), with every known repair";
    private const string Before = "the lines that " + Series + " removes";
    private const string OnePageAdd = "VM_BUG_ON(t - f <= 1)";

    private static readonly Expectation s_pledgeLeft
        = Expectation.Violates(FindingKind.Invariant, MapSteps<V7>.PledgeLeft);

    private static readonly Expectation s_countWrong
        = Expectation.Violates(FindingKind.Invariant, HugetlbBlock<V7>.CountWrong);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new Scenario(
            "hugetlb/alloc-vs-reserve",
            "A fault brings in a page while a range that it lies in is reserved.",
            1,
            [
                Right<AllocVsReserve<UpstreamFixed>>("upstream-fixed", "Whoever comes second gives back.", Repaired),
                Wrong<AllocVsReserve<ReserveKeepsRaced>>(
                    "reserve-keeps", "hugetlb_reserve_pages keeps the page that the fault has paid for.", "mutant",
                    Expectation.Violates(FindingKind.Invariant, HugetlbBlock<V7>.UsedWrong), "upstream-fixed"),
                Wrong<AllocVsReserve<FaultKeepsRaced>>(
                    "fault-keeps", "alloc_hugetlb_folio keeps the page that mmap has paid for.", "mutant",
                    Expectation.Violates(FindingKind.Invariant, HugetlbBlock<V7>.UsedWrong), "upstream-fixed"),
            ]),
        new Scenario(
            "hugetlb/chg-enomem",
            "Two single pages are added side by side while one allocation may fail.",
            1,
            [
                Right<ChgEnomem<UpstreamFixed>>("upstream-fixed", "Pledges once the entries exist.", "0db9d74ed884"),
                Right<ChgEnomem<V6>>("v6", "Takes the pledge back before it allocates.", Before),
                Wrong<ChgEnomem<V7>>(
                    "v7", "Pledges first, and keeps the pledge on -ENOMEM.", Series,
                    s_pledgeLeft, "upstream-fixed", "hugetlb-chg-enomem-keeps-pledge"),
            ]),
        new Scenario(
            "hugetlb/chg-publish",
            "Two single pages are added side by side; one call must allocate its entry.",
            1,
            [
                Right<ChgPublish<UpstreamFixed>>(
                    "upstream-fixed", "Looks at the cache only when it needs more.", "0db9d74ed884"),
                Right<ChgPublishWide<UpstreamFixed>>(
                    "upstream-fixed-wide", "The same, with a range of two pages.", "0db9d74ed884"),
                Right<ChgPublish<V7>>("v7", "Pledges early too, but looks at its own need only.", Series),
                Wrong<ChgPublish<V12>>(
                    "v12", "Counts pledges whose entries are still to come.", "v12 in linux-next, February 2020",
                    Expectation.Violates(FindingKind.Bug, OnePageAdd), "upstream-fixed",
                    "hugetlb-chg-raises-pledge-before-descriptors"),
                Wrong<ChgPublishWide<V12>>(
                    "v12-wide", "With a range of two pages the same test asks for no entries, for ever.",
                    "v12 in linux-next, February 2020",
                    Expectation.Violates(FindingKind.StepBound, "no end within"), "upstream-fixed-wide",
                    "hugetlb-chg-raises-pledge-before-descriptors"),
            ]),
        new Scenario(
            "hugetlb/css-refs",
            "A charged range is added and deleted while somebody adds a page in its middle.",
            1,
            [
                Right<CssRefs<ChargedRegions>>("upstream", "Each region owns a reference.", "d85aecf2844f"),
                Wrong<CssRefs<OneReferencePerRange>>(
                    "one-reference", "One reference for a range that becomes two regions.", "before d85aecf2844f",
                    Expectation.Violates(FindingKind.UseAfterFree, "h_cg.RefCount")
                        .Or(FindingKind.DataRace, "races with free"),
                    "upstream",
                    "hugetlb-css-one-ref-many-regions"),
            ]),
        new Scenario(
            "hugetlb/pledge-covered",
            "As region-add, with the count of entries compared with the pledges after every call.",
            1,
            [
                Right<PledgeCovered<UpstreamFixed>>("upstream-fixed", "Every pledge is covered.", "0db9d74ed884"),
                Right<PledgeCovered<V6>>("v6", "Every pledge is covered by its one entry.", Before),
                Wrong<PledgeCovered<V7>>(
                    "v7", "An add takes what others were pledged; a pledge comes before its entries.", Series,
                    Expectation.Violates(FindingKind.Invariant, MapSteps<V7>.PledgeUncovered), "upstream-fixed",
                    "hugetlb-add-eats-others-descriptors"),
            ]),
        new Scenario(
            "hugetlb/region-abort",
            "A wide range is added while somebody adds a page in its middle, and gives another pledge up.",
            1,
            [
                Right<RegionAbort<UpstreamFixed>>(
                    "upstream-fixed", "An add leaves the pledges of others alone.", "0db9d74ed884"),
                Right<RegionAbort<V6>>("v6", "One entry for each call.", Before),
                Wrong<RegionAbort<V7>>(
                    "v7", "The add takes the entry of the pledge that is given up.", Series,
                    Expectation.Violates(FindingKind.Bug, "VM_BUG_ON(!resv->region_cache_count)"), "upstream-fixed",
                    "hugetlb-abort-trips-empty-cache"),
            ]),
        new Scenario(
            "hugetlb/region-add",
            "A wide range and two single pages are added to one map; one page splits the wide range.",
            1,
            [
                Right<RegionAdd<UpstreamFixed>>(
                    "upstream-fixed", "Tops up to all pledges plus the excess.", Repaired),
                new Variant<RegionAdd<Upstream>>
                {
                    Name = "upstream",
                    Summary = "The same, with the stale list head, which these three calls do not reach.",
                    Source = "v6.12",
                    Expected = Expectation.Clean,
                    KnownDefect = "the stale list head of allocate_file_region_entries, as in hugetlb/stale-list-head",
                },
                Right<RegionAdd<V6>>("v6", "One entry for each call; an add merges all that it touches.", Before),
                Wrong<RegionAdd<V7>>(
                    "v7", "Tops up to its own need, and takes what others were pledged.", Series + ", review",
                    Expectation.Violates(FindingKind.Bug, OnePageAdd), "upstream-fixed",
                    "hugetlb-add-eats-others-descriptors"),
            ]),
        new Scenario(
            "hugetlb/region-add-three",
            "A page, a wide range in front of it and a page in its middle are added to a map without a spare entry.",
            1,
            [
                Right<RegionAddThree<UpstreamFixed>>(
                    "upstream-fixed", "Tops up to all pledges plus the excess.", Repaired),
                new Variant<RegionAddThree<Upstream>>
                {
                    Name = "upstream",
                    Summary = "The same, with the stale list head, which these three calls do not reach.",
                    Source = "v6.12",
                    Expected = Expectation.Clean,
                    KnownDefect = "the stale list head of allocate_file_region_entries, as in hugetlb/stale-list-head",
                },
                Wrong<RegionAddThree<V7>>(
                    "v7", "Tops up to its own need, and takes what others were pledged.", Series + ", review",
                    Expectation.Violates(FindingKind.Bug, OnePageAdd), "upstream-fixed",
                    "hugetlb-add-eats-others-descriptors"),
            ]),
        new Scenario(
            "hugetlb/reserve-enomem",
            "A range is reserved while a fault brings in a page in its middle, and one allocation may fail.",
            1,
            [
                Right<ReserveEnomem<UpstreamFixed>>("upstream-fixed", "The error is returned.", "7fc2513aa237"),
                Wrong<ReserveEnomem<LostError>>(
                    "lost-error", "A region_add without memory counts as success.", Series,
                    Expectation.Violates(FindingKind.Invariant, "a range that was reserved is in the map"),
                    "upstream-fixed", "hugetlb-enomem-returned-as-success"),
            ]),
        new Scenario(
            "hugetlb/reserve-error",
            "Two pages are reserved from a pool of one.",
            1,
            [
                Right<ReserveError<UpstreamFixed>>("upstream-fixed", "The variable add starts at -1.", "0db9d74ed884"),
                Wrong<ReserveError<UnsetAdd>>(
                    "unset-add", "The error exit tests a variable without a value.", "mutant of upstream",
                    s_pledgeLeft, "upstream-fixed", "hugetlb-error-exit-uninitialised-add"),
                Wrong<ReserveError<V7>>(
                    "v7", "The error exit tests a variable without a value.", Series,
                    s_pledgeLeft, "upstream-fixed", "hugetlb-error-exit-uninitialised-add"),
            ]),
        new Scenario(
            "hugetlb/reserve-past-end",
            "One page behind all regions is reserved from a pool of one.",
            1,
            [
                Right<ReservePastEnd<UpstreamFixed>>(
                    "upstream-fixed", "Counts the gap behind the last region on its own, as v7 does.", Series),
                Wrong<ReservePastEnd<V6>>(
                    "v6", "Takes the list head for a region, its adds_in_progress for the first page.", Before,
                    Expectation.Violates(FindingKind.Invariant, "a page that is there can be reserved"),
                    "upstream-fixed"),
            ]),
        new Scenario(
            "hugetlb/reserve-put-result",
            "As reserve-enomem, through a quota that guarantees one page.",
            1,
            [
                Right<ReservePutResult<UpstreamFixed>>(
                    "upstream-fixed", "The pool gets back what the subpool does not keep.", Repaired),
                Wrong<ReservePutResult<IgnoredPut>>(
                    "ignored-put", "The pool gets back what was taken from it, whatever the subpool keeps.", Series,
                    s_countWrong, "upstream-fixed", "hugetlb-add-failure-ignores-put-result"),
            ]),
        new Scenario(
            "hugetlb/restore-reserve",
            "Two threads fault on pages of a private mapping, fail afterwards, and give the pages back.",
            1,
            [
                Right<RestoreReserve<UpstreamFixed>>(
                    "upstream-fixed", "Map and page agree before the page is freed.", "v6.12"),
                Wrong<RestoreReserve<UnrestoredMap>>(
                    "unrestored-map", "The map goes on saying that the reservation was used.", "mutant",
                    s_countWrong, "upstream-fixed"),
            ]),
        new Scenario(
            "hugetlb/rsvd-uncharge",
            "An error path and a migration take the charge off the same page.",
            1,
            [
                Right<RsvdUncharge<LockedUncharge>>("upstream", "Both hold hugetlb_lock.", "b76b46902c2d"),
                Wrong<RsvdUncharge<UnlockedUncharge>>(
                    "unlocked", "The error path does not take hugetlb_lock.", "CVE-2024-36000",
                    Expectation.Violates(FindingKind.Invariant, "every charge is taken back once")
                        .Or(FindingKind.DataRace, "huge_folio.RsvdCgroup"),
                    "upstream",
                    "hugetlb-rsvd-uncharge-without-lock"),
            ]),
        new Scenario(
            "hugetlb/stale-list-head",
            "A range needs two new entries; somebody takes the spare one while the first is allocated.",
            1,
            [
                Right<StaleListHead<UpstreamFixed>>("upstream-fixed", "The list is emptied when it is spliced.",
                    "mm/hugetlb: fix list corruption in allocate_file_region_entries(), 2026"),
                Wrong<StaleListHead<Upstream>>(
                    "upstream", "The second round adds to a list head that still points into the cache.",
                    "v5.9 to v6.18",
                    Expectation.Violates(FindingKind.Invariant, MapSteps<V7>.CacheBroken), "upstream-fixed",
                    "hugetlb-topup-stale-list-head"),
            ]),
        new Scenario(
            "hugetlb/subpool-fallback",
            "Two files are mapped and emptied again, through a quota whose guarantee is all that the pool holds.",
            1,
            [
                new Variant<SubpoolFallback<UpstreamFixed>>
                {
                    Name = "used-before-put",
                    Summary = "The global part leaves used_hpages before the rest is put.",
                    Source = "reconstruction",
                    Expected = Expectation.Clean,

                    // The tasks of the explored program are too few for it; threads are not.
                    KnownDefect = "a put counts pages as used that the pool has not given yet, as in used-before-put-wide",
                },
                Right<SubpoolFallback<HopedCounted>>(
                    "hoped-counted", "A put does not count what the pool has not given yet.", "reconstruction"),
                Right<SubpoolFallbackWide<HopedCounted>>(
                    "hoped-counted-wide", "As hoped-counted, with a range of three.", "reconstruction"),
                Wrong<SubpoolFallback<FallbackPutAll>>(
                    "put-all", "Puts also what the subpool never gave.", "until a833a693a490",
                    s_countWrong, "used-before-put", "hugetlb-subpool-fallback-overreturns"),
                Wrong<SubpoolFallback<FallbackPutOwn>>(
                    "put-own", "The global part stays in used_hpages.", "a833a693a490",
                    Expectation.Violates(FindingKind.Invariant, HugetlbBlock<V7>.UsedWrong), "used-before-put",
                    "hugetlb-subpool-fallback-overreturns"),
                Wrong<SubpoolFallback<FallbackCorrectsLate>>(
                    "used-after-put", "used_hpages is corrected when the put has judged by it.", "follow-ups of 2026",
                    Expectation.Violates(FindingKind.Invariant, HugetlbBlock<V7>.GuaranteeLost), "used-before-put",
                    "hugetlb-subpool-fallback-overreturns"),
                Wrong<SubpoolFallbackWide<UpstreamFixed>>(
                    "used-before-put-wide",
                    "A put counts pages as used that the pool has not given yet, and loses the guarantee.",
                    "reconstruction",
                    Expectation.Violates(FindingKind.Invariant, HugetlbBlock<V7>.GuaranteeLost), "hoped-counted-wide"),
            ]),
        new Scenario(
            "hugetlb/sysctl-table",
            "Two users write nr_hugepages at once.",
            1,
            [
                Right<SysctlTable<PrivateTable>>("upstream", "A copy of the table for each call.", "17743798d812"),
                Wrong<SysctlTable<StaticTable>>(
                    "static-table", "All calls point the one table at their own variable.", "CVE-2020-25285",
                    Expectation.Violates(FindingKind.Invariant, "a handler understands what its own user wrote")
                        .Or(FindingKind.DataRace, "table.Data"),
                    "upstream", "hugetlb-sysctl-static-table"),
            ]),
        new Scenario(
            "hugetlb/uffd-copy",
            "Two threads fill the same missing page of a file by UFFDIO_COPY, from memory that must be faulted in.",
            1,
            [
                Right<UffdCopy<TemporaryPage>>("upstream", "Copies into a page without a reservation.", "8cc5fcbb5be8"),
                Wrong<UffdCopy<ReservedPage>>(
                    "reserved-page", "Drops the fault mutex with the reservation used up.", "before 8cc5fcbb5be8",
                    Expectation.Violates(FindingKind.Invariant, "resv_huge_pages >= 0"), "upstream",
                    "hugetlb-uffd-copy-double-consume"),
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
