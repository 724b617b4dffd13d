using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Scenarios.Litmus;

/// <summary>The classic litmus tests of weak memory, each with the orders that forbid its outcome and with weaker
/// ones.</summary>
/// <remarks>Verdicts are those of the Linux kernel memory model: J. Alglave, L. Maranget, P. E. McKenney, A. Parri,
/// A. Stern, Frightening Small Children and Disconcerting Grown-ups, ASPLOS 2018, and tools/memory-model.</remarks>
public static class LitmusScenarios
{
    private static readonly IReadOnlyList<Made> s_made =
    [
        Make<TwoPlusTwoWrites>(),
        Make<Additions>(),
        Make<ReadRead>(),
        Make<ReadReadTwice>(),
        Make<ReadWrite>(),
        Make<WriteRead>(),
        Make<WriteWrite>(),
        Make<DekkerEntry>(),
        Make<IndependentReads>(),
        Make<TwoHops>(),
        Make<LoadBuffering>(),
        Make<MessagePassing>(),
        Make<WriteReadCycle>(),
        Make<WriteWriteCycle>(),
        Make<StoreBuffering>(),
        Make<WriteReadCausality>(),
    ];

    /// <summary>The scenarios, in the order of their names.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. s_made.Select(made => made.Scenario)];

    /// <summary>Their programs, in the same order.</summary>
    public static IReadOnlyList<LitmusFamily> Families { get; } = [.. s_made.Select(made => made.Family)];

    private static Made Make<TFamily>()
        where TFamily : struct, ILitmusFamily
    {
        LitmusFamily family = TFamily.Family;
        return new Made(family, new Scenario(
            $"litmus/{family.Name}",
            family.Summary,
            1,
            [.. family.Tests.Select((_, index) => LitmusIndexes.Variant<TFamily>(index))]));
    }

    private sealed record Made(LitmusFamily Family, Scenario Scenario);
}
