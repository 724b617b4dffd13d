using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration.Coyote;

/// <summary>The same scenarios under the scheduler of Microsoft.Coyote: threads, of which one at a time runs.</summary>
internal sealed class CoyoteEngine : IExplorationEngine
{
    private const int Repetitions = 10;

    /// <inheritdoc/>
    public string Name => CoyoteSupport.EngineName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Strategies => CoyoteSupport.Strategies;

    /// <inheritdoc/>
    public ExploreResult Explore<TScenario>(Scenario scenario, Variant variant, ExploreOptions options)
        where TScenario : struct, IScenario<TScenario>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Schedules, 1);
        if (options.Memory != MemoryModel.Sc)
        {
            throw new ArgumentException("under Coyote, memory is sequentially consistent");
        }

        var settings = new MachineSettings(options.Locks, options.AllocationFailures) { DataRaces = options.DataRaces };
        var lockOrder = new LockOrderLedger();
        using var machine = new ExploredMachine(
            new ExploredProgram<TScenario>(), settings with { CollectsLockOrder = options.LockOrder });
        var search = new CoyoteSearch(machine, new CoyoteRun<TScenario>(machine), options, lockOrder);
        CoyoteFailure? failed = search.Search() ?? FirstInversion<TScenario>(lockOrder, settings, options);
        TimeSpan elapsed = search.Elapsed;
        return new ExploreResult
        {
            Finding = failed is null ? null : Tell<TScenario>(scenario, variant, settings, options.Seed, failed),
            Schedules = failed is null ? search.Schedules : failed.Run.Schedule + 1,
            Executions = search.Schedules,
            Distinct = search.Distinct,
            DistinctIsExact = search.DistinctIsExact,
            Points = search.Points,
            LockOrder = lockOrder.FactsUpTo(failed?.Run.Schedule ?? long.MaxValue),
            Elapsed = elapsed,
            IsInterrupted = options.Cancel.IsCancellationRequested,
            Outcomes = OutcomeRows.Of(TScenario.Plan.Outcomes, [machine.Outcomes]),
        };
    }

    /// <inheritdoc/>
    public ReplayResult Replay<TScenario>(Scenario scenario, Variant variant, Trace trace, int times)
        where TScenario : struct, IScenario<TScenario>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        FindingMaker.Refuse(scenario, variant, trace, TScenario.Plan, Name);
        if (trace.EngineTrace is null)
        {
            throw new TraceException("Coyote's part of the trace is missing; record it again");
        }

        using var machine = new ExploredMachine(
            new ExploredProgram<TScenario>(), FindingMaker.SettingsOf(trace));
        return new CoyoteReplay(machine, new CoyoteRun<TScenario>(machine), trace).Repeat(times);
    }

    // The same search again, up to the run that closed the circle: it fails there, as it knows what was seen before it.
    private static CoyoteFailure? FirstInversion<TScenario>(
        LockOrderLedger lockOrder, MachineSettings settings, ExploreOptions options)
        where TScenario : struct, IScenario<TScenario>
    {
        if (lockOrder.ClosedAt is not { } closedAt)
        {
            return null;
        }

        IReadOnlyList<LockOrderFact> before = lockOrder.FactsUpTo(closedAt - 1);
        using var machine = new ExploredMachine(
            new ExploredProgram<TScenario>(), settings with { KnownLockOrder = before });
        var again = new CoyoteSearch(
            machine, new CoyoteRun<TScenario>(machine), options with { Schedules = closedAt + 1, Duration = null },
            new LockOrderLedger());
        CoyoteFailure failed = again.Search()
            ?? throw new InvalidOperationException("a run that closed a circle of locks does not do so again");
        HashSet<LockOrderKey> needed = machine.Inversion?.Facts.Select(fact => fact.Key).ToHashSet() ?? [];
        return failed with
        {
            Run = failed.Run with { KnownLockOrder = [.. before.Where(fact => needed.Contains(fact.Key))] },
        };
    }

    // The decisions of the run repeat it on the builtin machine too, which tells the story; Coyote then has to come to
    // the same execution by its own trace.
    private Finding Tell<TScenario>(
        Scenario scenario, Variant variant, MachineSettings settings, ulong seed, CoyoteFailure failed)
        where TScenario : struct, IScenario<TScenario>
    {
        Finding told = FindingMaker.Make<TScenario>(
            scenario, variant, settings with { KnownLockOrder = failed.Run.KnownLockOrder }, seed, failed.Run,
            repetitions: 1, shrinks: false);
        Finding finding = told with
        {
            Trace = (told.Trace with { Engine = Name, EngineTrace = failed.Trace }).Sealed(),
        };
        ReplayResult replayed = Replay<TScenario>(scenario, variant, finding.Trace, Repetitions);
        return finding with
        {
            Reproduced = told.Reproduced == 1 ? replayed.Matched : 0,
            ReproducedOf = Repetitions,
        };
    }
}
