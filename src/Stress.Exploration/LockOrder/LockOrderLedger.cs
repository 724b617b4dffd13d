using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>The order of locks over all runs of an exploration, whoever made them.</summary>
/// <remarks>
/// Each fact belongs to the run of the lowest number that shows it. The run that fails is the first one that closes a
/// circle together with all the runs before it: that is the same for any number of workers, as long as every run below
/// <see cref="EndsAt"/> is made. Facts are few and soon known, so publishing them may be slow.
/// </remarks>
internal sealed class LockOrderLedger
{
    // After a circle, the exploration goes on for so many schedules: one that really fails says more.
    private const long Grace = 2_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<LockOrderKey, Sighting> _sightings = [];
    private Sighting? _closing;
    private long _last = -1;

    /// <summary>The first schedule that need not be run any more.</summary>
    public long EndsAt
    {
        get
        {
            lock (_lock)
            {
                return _closing is null ? long.MaxValue : _closing.Schedule + Grace;
            }
        }
    }

    /// <summary>The run that closed a circle; null while none did.</summary>
    public long? ClosedAt
    {
        get
        {
            lock (_lock)
            {
                return _closing?.Schedule;
            }
        }
    }

    /// <summary>Adds what the last run of a machine was the first of this machine to show.</summary>
    /// <param name="schedule">The number of the run.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="strategy">Who decided.</param>
    public void Publish(long schedule, ExploredMachine machine, string strategy)
    {
        if (machine.NewLockOrder.Count > 0)
        {
            Add(schedule, strategy, machine.Decisions.ToArray(), machine.NewLockOrder);
            machine.NewLockOrder.Clear();
        }
    }

    /// <summary>The same, for a run that has no number: it gets the next.</summary>
    public void PublishNext(ExploredMachine machine, string strategy)
    {
        if (machine.NewLockOrder.Count > 0)
        {
            Publish(Interlocked.Increment(ref _last), machine, strategy);
        }
    }

    /// <summary>What was seen up to and with a schedule.</summary>
    public IReadOnlyList<LockOrderFact> FactsUpTo(long schedule)
        => [.. LockOrderFact.Sorted(
            _sightings.Values.Where(seen => seen.Schedule <= schedule).Select(seen => seen.Fact))];

    /// <summary>The run that closes a circle, with what other runs add to it; null when none does.</summary>
    /// <param name="machine">Makes a machine that knows some facts already.</param>
    public FailedRun? FirstFailed(Func<IReadOnlyList<LockOrderFact>, ExploredMachine> machine)
    {
        if (_closing is not { } closing)
        {
            return null;
        }

        IReadOnlyList<LockOrderFact> before = FactsUpTo(closing.Schedule - 1);
        using ExploredMachine repeating = machine(before);
        repeating.Run(new ReplayStrategy(closing.Decisions));
        LockOrderInversion inversion = repeating.Inversion
            ?? throw new InvalidOperationException("a run that closed a circle of locks does not do so again");
        var needed = inversion.Facts.Select(fact => fact.Key).ToHashSet();
        return new FailedRun(
            closing.Schedule, closing.Strategy, repeating.Finding!, repeating.Decisions.ToArray())
        {
            KnownLockOrder = [.. before.Where(fact => needed.Contains(fact.Key))],
        };
    }

    private void Add(long schedule, string strategy, int[] decisions, List<LockOrderFact> facts)
    {
        lock (_lock)
        {
            bool isNew = false;
            foreach (LockOrderFact fact in facts)
            {
                if (!_sightings.TryGetValue(fact.Key, out Sighting? seen) || schedule < seen.Schedule)
                {
                    _sightings[fact.Key] = new Sighting(fact, schedule, strategy, decisions);
                    isNew = true;
                }
            }

            _closing = isNew ? FindClosing() : _closing;
        }
    }

    private Sighting? FindClosing()
    {
        if (new LockOrderGraph(_sightings.Values.Select(seen => seen.Fact)).FindInversion() is null)
        {
            return null;
        }

        var graph = new LockOrderGraph();
        foreach (IGrouping<long, Sighting> run in _sightings.Values.GroupBy(seen => seen.Schedule)
            .OrderBy(run => run.Key))
        {
            foreach (Sighting seen in run)
            {
                graph.Add(seen.Fact);
            }

            if (graph.FindInversion() is not null)
            {
                return run.First();
            }
        }

        return null;
    }

    private sealed record Sighting(LockOrderFact Fact, long Schedule, string Strategy, int[] Decisions);
}
