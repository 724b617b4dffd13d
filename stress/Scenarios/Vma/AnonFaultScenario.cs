using System;
using System.Linq;
using Stress.Machine;
using Stress.Mm.Faults;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>The scenario <c>vma/anon-fault</c>: a variant for each layout, and the mutants of the fault.</summary>
internal static class AnonFaultScenario
{
    private const string Small = "small-batches";
    private const string LeadsBack = "a list of pages leads back to its head";

    public static Scenario Create() => new(
        "vma/anon-fault",
        "Two tasks touch pages of one anonymous mapping, each in its own slice: the benchmark pft.",
        1,
        [
            .. VmaLayouts.All.Select(VariantOf),
            new Variant<AnonFault<StockLayout, SmallBatches>>
            {
                Name = Small,
                Summary = "Batches of two, so that a few faults go through all locks.",
                Source = "v6.12",
                Expected = Expectation.Clean,
            },
            new Variant<AnonFault<StockLayout, RefillsWithoutLock>>
            {
                Name = "refill-unlocked",
                Summary = "A CPU fills its list of pages without the lock of the zone.",
                Source = "mutant of rmqueue_bulk",
                Expected = OrAny(
                    Expectation.Violates(FindingKind.DataRace, "rmqueue_bulk")
                        .Or(FindingKind.Bug, "a free page has references")
                        .Or(FindingKind.Bug, "a counted free page is not in the list"),
                    "a page is mapped once",
                    "nr_free is the length of the zone's list",
                    "NR_FREE_PAGES is the length of the zone's list",
                    "a CPU's count is the length of its list",
                    "every page is free, a CPU's or mapped",
                    LeadsBack),
                CorrectTwin = Small,
                CorpusEntry = "fault-refill-unlocked",
            },
            new Variant<AnonFault<StockLayout, StocksOneTooMany>>
            {
                Name = "stock-too-large",
                Summary = "Of each batch that is charged, one page more is kept in stock than was paid for.",
                Source = "mutant of try_charge_memcg",
                Expected = Expectation.Violates(FindingKind.Invariant, "what is charged is what is mapped"),
                CorrectTwin = Small,
                CorpusEntry = "fault-stock-too-large",
            },
            new Variant<AnonFault<StockLayout, AddsWithoutLock>>
            {
                Name = "lru-unlocked",
                Summary = "A CPU adds its batch to the LRU list without its lock.",
                Source = "mutant of folio_batch_move_lru",
                Expected = OrAny(
                    Expectation.Violates(FindingKind.DataRace, "folio_batch_move_lru"),
                    "lru_zone_size is the length of the LRU lists",
                    "the node counts the pages of the LRU lists",
                    "every mapped page is on an LRU list or waits for it",
                    LeadsBack),
                CorrectTwin = Small,
                CorpusEntry = "fault-lru-unlocked",
            },
        ]);

    /// <summary>The variant of a layout.</summary>
    public static Variant VariantOf(VmaLayout layout) => layout.Accept(new Maker(layout));

    // A list that two have changed at once shows as whatever the audit looks at first.
    private static Expectation OrAny(Expectation expected, params ReadOnlySpan<string> invariants)
    {
        foreach (string invariant in invariants)
        {
            expected = expected.Or(FindingKind.Invariant, invariant);
        }

        return expected;
    }

    private sealed class Maker(VmaLayout layout) : IVmaLayoutVisitor<Variant>
    {
        public Variant Visit<TLayout>()
            where TLayout : struct, IVmaLayout<TLayout>
            => new LayoutVariant<TLayout>(layout)
            {
                Name = layout.Name,
                Summary = layout.Summary,
                Source = layout.Source,
                Expected = Expectation.Clean,
            };
    }
}
