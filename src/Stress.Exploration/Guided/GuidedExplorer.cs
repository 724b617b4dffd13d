using System;
using System.Diagnostics;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Looks for a failure of real threads among the schedules of the same variant.</summary>
/// <remarks>
/// One schedule after the other, on the calling thread, so that the result depends on options and guide alone:
/// 1. half of the schedules with priorities that change inside the operations that the guide names;
/// 2. if these fail in no such way, those of the portfolio;
/// 3. at last a quarter under weak memory, as real threads have no other. A variant that needs it gets no other.
/// A circle of locks is left to the exploration that collects them. Data races are not looked for: real threads do not
/// report them, and a race in every schedule would stand in front of what is sought.
/// </remarks>
public static class GuidedExplorer
{
    private const int CalibrationRuns = 32;
    private const int Repetitions = 10;
    private const int ProgressMilliseconds = 200;

    /// <summary>Runs schedules until one fails as the guide has it, or all have run.</summary>
    /// <param name="scenario">The scenario that failed.</param>
    /// <param name="variant">The variant that failed.</param>
    /// <param name="guide">What is known of it.</param>
    /// <param name="options">Seed, number of schedules, locks, allocation failures, shrinking, cancellation and
    /// progress count; the rest is decided here.</param>
    /// <returns>The failure that was sought if any schedule comes to it; else the first other one.</returns>
    public static GuidedResult Explore<TScenario>(
        Scenario scenario, Variant variant, Guide guide, ExploreOptions options)
        where TScenario : struct, IScenario<TScenario>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Schedules, 1);
        if (guide.Kind == FindingKind.LockOrder)
        {
            return ExploreLockOrder<TScenario>(scenario, variant, guide, options);
        }

        var search = new Search<TScenario>(variant, guide, options);
        if (variant.NeedsWeakMemory)
        {
            search.Run(options.Schedules / 2, MemoryModel.Weak, isGuided: true);
            search.Run(options.Schedules, MemoryModel.Weak, isGuided: false);
        }
        else
        {
            search.Run(options.Schedules / 2, MemoryModel.Sc, isGuided: true);
            search.Run(options.Schedules - (options.Schedules / 4), MemoryModel.Sc, isGuided: false);
            search.Run(options.Schedules, MemoryModel.Weak, isGuided: false);
        }

        FailedRun? failed = search.Same ?? search.Other;
        MachineSettings settings = search.Settings(search.Same is null ? search.OtherMemory : search.Memory);
        return new GuidedResult
        {
            Finding = failed is null ? null
                : FindingMaker.Make<TScenario>(
                    scenario, variant, settings, options.Seed, failed, Repetitions, options.Shrink),
            IsSame = search.Same is not null,
            Schedules = search.Schedules,
            IsInterrupted = options.Cancel.IsCancellationRequested,
        };
    }

    private static GuidedResult ExploreLockOrder<TScenario>(
        Scenario scenario, Variant variant, Guide guide, ExploreOptions options)
        where TScenario : struct, IScenario<TScenario>
    {
        ExploreResult result = Explorer.Explore<TScenario>(
            scenario, variant, options with { DataRaces = false, LockOrder = true, Strategy = "portfolio" });
        return new GuidedResult
        {
            Finding = result.Finding,
            IsSame = result.Finding is { } found && guide.IsMetBy(found.Kind, found.Text),
            Schedules = result.Schedules,
            IsInterrupted = result.IsInterrupted,
        };
    }

    private sealed class Search<TScenario>(Variant variant, Guide guide, ExploreOptions options)
        where TScenario : struct, IScenario<TScenario>
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private long _reportAt;

        public FailedRun? Same { get; private set; }

        public FailedRun? Other { get; private set; }

        public MemoryModel OtherMemory { get; private set; }

        public MemoryModel Memory { get; private set; }

        public long Schedules { get; private set; }

        public MachineSettings Settings(MemoryModel memory)
            => new(options.Locks, options.AllocationFailures) { Memory = memory, DataRaces = false };

        /// <summary>Runs schedules up to a number, unless the failure has been found.</summary>
        public void Run(long end, MemoryModel memory, bool isGuided)
        {
            if (Same is not null || Schedules >= end || options.Cancel.IsCancellationRequested)
            {
                return;
            }

            using var machine = new ExploredMachine(new ExploredProgram<TScenario>(), Settings(memory));
            var tail = new TailStrategy(machine, guide);
            if (isGuided && !Measure(machine, tail))
            {
                return;
            }

            StrategyPlan? portfolio = isGuided ? null : new StrategyPlan(
                options with { Strategy = "portfolio" },
                TScenario.Plan.Tasks.Count,
                Explorer.ExpectedDecisions<TScenario>(Settings(memory)));
            for (; Schedules < end && Same is null && !options.Cancel.IsCancellationRequested; Schedules++)
            {
                IStrategy strategy = portfolio?.For(Schedules) ?? Begin(tail);
                machine.Run(strategy);
                if (machine.Finding is { } finding)
                {
                    Note(new FailedRun(Schedules, strategy.Name, finding, machine.Decisions.ToArray()), memory);
                }

                Report();
            }
        }

        private TailStrategy Begin(TailStrategy tail)
        {
            tail.Begin(new Xoshiro256(SplitMix64.Derive(options.Seed, (ulong)Schedules)), Schedules);
            return tail;
        }

        private void Note(FailedRun failed, MemoryModel memory)
        {
            if (guide.IsMetBy(failed.Finding.Kind, failed.Finding.Text))
            {
                Same = failed;
                Memory = memory;
            }
            else if (Other is null && (memory == MemoryModel.Sc || variant.NeedsWeakMemory))
            {
                // What only weak memory brings about, in a variant that makes no claim for it, says nothing.
                Other = failed;
                OtherMemory = memory;
            }
        }

        // How long tasks are inside: without that there is no telling where to preempt them.
        private static bool Measure(ExploredMachine machine, TailStrategy tail)
        {
            tail.IsMeasuring = true;
            for (int run = 0; run < CalibrationRuns; run++)
            {
                tail.Begin(new Xoshiro256((ulong)run), schedule: 1);
                machine.Run(tail);
            }

            tail.IsMeasuring = false;
            return tail.KnowsWhere;
        }

        private void Report()
        {
            if (options.Progress is { } progress && _watch.ElapsedMilliseconds >= _reportAt)
            {
                _reportAt = _watch.ElapsedMilliseconds + ProgressMilliseconds;
                progress(new ExploreProgress(Schedules, options.Schedules, _watch.Elapsed));
            }
        }
    }
}
