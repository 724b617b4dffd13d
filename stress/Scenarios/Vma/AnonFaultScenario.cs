using Stress.Machine;
using Stress.Mm.Faults;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>The scenario of first touches, with a variant for each layout of the VMA.</summary>
public static class AnonFaultScenario
{
    private const string Stock = "stock";

    public static Scenario Scenario { get; } = new(
        "vma/anon-fault",
        "Threads touch pages of one anonymous mapping for the first time, each in a slice of its own.",
        1,
        [
            Layout<StockLayout>(Stock, "The lock is an object of its own that the VMA points to.", "v6.10 to v6.12"),
            Layout<EmbeddedLine4Layout>(
                "embedded-line4",
                "The lock stands in the VMA, alone on its fourth cache line.",
                "RFC \"vm: align vma allocation and move the lock back into the struct\""),
            Mutant<RefillsWithoutLock>(
                "refill-unlocked",
                "A CPU fills its list of pages without the zone's lock.",
                Expectation.Violates(FindingKind.Invariant, "free, spare and mapped pages are all pages")
                    .Or(FindingKind.DataRace, "")
                    .Or(FindingKind.Bug, "")
                    .Or(FindingKind.UseAfterFree, "")
                    .Or(FindingKind.ModelError, "")
                    .Or(FindingKind.Leak, "")
                    .Or(FindingKind.Invariant, "the LRU list")),
            Mutant<StocksOneTooMany>(
                "stock-one-too-many",
                "Of each batch that is charged, one page more is kept in stock than was paid.",
                Expectation.Violates(FindingKind.Invariant, "charged are the mapped pages and the stocks")),
            Mutant<AddsWithoutLock>(
                "lru-unlocked",
                "Folios are added to the LRU list without its lock.",
                Expectation.Violates(FindingKind.DataRace, "")
                    .Or(FindingKind.Invariant, "the LRU list holds the mapped pages")),
        ]);

    private static Variant<AnonFault<TLayout, FaultsAsMerged>> Layout<TLayout>(string name, string summary, string source)
        where TLayout : struct, IVmaLayout<TLayout>
        => new()
        {
            Name = name,
            Summary = summary,
            Source = source,
            Expected = Expectation.Clean,
        };

    private static Variant<AnonFault<StockLayout, TRule>> Mutant<TRule>(
        string name, string summary, Expectation expected)
        where TRule : struct, IFaultRule
        => new()
        {
            Name = name,
            Summary = summary,
            Source = "mutant",
            Expected = expected,
            CorrectTwin = Stock,
        };
}
