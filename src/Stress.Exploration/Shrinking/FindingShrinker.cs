using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>A failed run that was made smaller.</summary>
/// <param name="Finding">What went wrong in it.</param>
/// <param name="Decisions">What repeats it.</param>
/// <param name="Limits">The operation limits that it needs; null for none.</param>
/// <param name="Pair">The events whose order makes it fail, if two do.</param>
/// <param name="Figures">What it was made from.</param>
internal sealed record ShrunkRun(
    RunFinding Finding, int[] Decisions, IReadOnlyList<int>? Limits, DecidingPair? Pair, ShrinkFigures Figures);

/// <summary>Makes a failed run of a variant smaller, and finds what decides in it.</summary>
internal static class FindingShrinker
{
    private const int MinAccesses = 1_000;
    private const int MaxGrowth = 4;

    /// <summary>The smaller run; null when the decisions do not repeat the finding.</summary>
    /// <param name="machine">Runs the variant. Its limits are left as the smaller run needs them.</param>
    /// <param name="scenario">Knows the variant's twin.</param>
    /// <param name="variant">What failed.</param>
    /// <param name="settings">What <paramref name="machine"/> was made with.</param>
    /// <param name="decisions">What repeats the run.</param>
    public static ShrunkRun? Shrink(
        ExploredMachine machine, Scenario scenario, Variant variant, MachineSettings settings, int[] decisions)
    {
        var runner = new GuidedRunner(machine, Shrinker.Runs, Shrinker.Points);
        GuidedRun? failed = runner.Repeat(decisions, settings.OperationLimits);
        if (failed?.Finding is null)
        {
            machine.Limit(settings.OperationLimits);
            return null;
        }

        // An edit that lets a task spin for long leads nowhere, and costs as much as hundreds of others.
        machine.EndAfter(failed.Finding.Kind == FindingKind.StepBound ? int.MaxValue
            : MinAccesses + (MaxGrowth * machine.Plan.Tasks.Select((_, task) => machine.PositionOf(task)).Sum()));
        using var control = new CutControl(runner, Twin.Of(scenario, variant, settings));
        GuidedRun least = new Shrinker(runner, control, failed).Shrink();
        // About orders that did not happen: a run in which all went well shows them, and they name their places.
        bool isOfOrders = least.Finding!.Kind is FindingKind.DataRace or FindingKind.LockOrder;
        bool isSequential = !isOfOrders && IsSequential(runner, least);
        IReadOnlyList<int> limits = least.Made.Limits;
        var finder = new GuidedRunner(machine, PairFinder.Runs, Shrinker.Points);
        DecidingPair? pair = isSequential || isOfOrders ? null
            : new PairFinder(finder, finder.Repeat(least.Decisions, limits, keepsEvents: true)!).Find();
        machine.EndAfter(int.MaxValue);
        machine.Limit(limits);
        return new ShrunkRun(
            least.Finding,
            least.Decisions,
            limits.All(limit => limit == MachineSettings.NoLimit) ? null : limits,
            pair,
            new ShrinkFigures(failed.Measure, least.Measure, runner.Runs, isSequential));
    }

    private static bool IsSequential(GuidedRunner runner, GuidedRun failed)
    {
        FindingSignature signature = FindingSignature.Of(failed.Finding!);
        return Orders.Of([.. failed.Made.Running])
            .All(order => runner.Run(failed.Made.Serial(order)).IsOf(signature));
    }

    /// <summary>Makes a machine of a variant's correct twin.</summary>
    private sealed class Twin(MachineSettings settings) : IScenarioVisitor<ExploredMachine>
    {
        /// <summary>The machine; null for a variant without a twin of the same tasks.</summary>
        public static ExploredMachine? Of(Scenario scenario, Variant variant, MachineSettings settings)
        {
            Variant? twin = scenario.Variants.FirstOrDefault(other => other.Name == variant.CorrectTwin);
            return twin is null || !twin.Plan.Tasks.SequenceEqual(variant.Plan.Tasks) ? null
                : twin.Accept(new Twin(settings with { OperationLimits = null, KnownLockOrder = null }));
        }

        public ExploredMachine Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => new(new ExploredProgram<TScenario>(), settings);
    }
}
