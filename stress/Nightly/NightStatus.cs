using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>How far a night is: for the terminal, and for whoever asks over the network. Safe to read at any time.
/// </summary>
/// <param name="schedule">What it runs.</param>
internal sealed class NightStatus(NightSchedule schedule)
{
    // Beyond that the estimates say nothing of what is left.
    private const double SlowestPace = 10;
    private const double FastestPace = 0.1;

    private const int MostShown = 8;

    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _estimated = schedule.Items.Where(item => item.SliceSeconds is null).Sum(item => item.EstimatedSeconds);
    private double _sliced = schedule.Items.Sum(item => item.SliceSeconds ?? 0);
    private double _estimatedDone;
    private double _secondsOfDone;
    private string _current = "";
    private Func<ProgressNote>? _note;

    /// <summary>Items of the night.</summary>
    public int Items { get; } = schedule.Items.Count;

    /// <summary>Workers side by side.</summary>
    public int Workers { get; } = schedule.Workers;

    /// <summary>Items that have ended.</summary>
    public int Done { get; private set; }

    /// <summary>Findings where they had to be.</summary>
    public int Expected { get; private set; }

    /// <summary>Items that did not come out as they had to.</summary>
    public int Unexpected { get; private set; }

    /// <summary>Schedules that were explored.</summary>
    public long Schedules { get; private set; }

    /// <summary>Operations of real threads.</summary>
    public long Operations { get; private set; }

    /// <summary>Since this process began with it, in seconds.</summary>
    public double ElapsedSeconds => _clock.Elapsed.TotalSeconds;

    /// <summary>The item that runs; empty between items.</summary>
    public string Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>Time until the end: the slices of a budget as they are, the other items as they were estimated, at the pace
    /// of those that are done; and never beyond the budget.</summary>
    public double SecondsLeft
    {
        get
        {
            lock (_gate)
            {
                double pace = _estimatedDone > 0
                    ? Math.Clamp(_secondsOfDone / _estimatedDone, FastestPace, SlowestPace) : 1;
                double left = (_estimated * pace) + _sliced;
                return schedule.BudgetSeconds is { } budget
                    ? Math.Min(left, Math.Max(0, budget - ElapsedSeconds)) : left;
            }
        }
    }

    /// <summary>Counts an item that has ended, in this process or in an earlier one.</summary>
    public void Count(ScheduledItem item, RunItem ran)
    {
        lock (_gate)
        {
            Done++;
            if (item.SliceSeconds is { } slice)
            {
                _sliced -= slice;
            }
            else
            {
                _estimated -= item.EstimatedSeconds;
                _estimatedDone += item.EstimatedSeconds;
                _secondsOfDone += ran.ElapsedSeconds;
            }

            Schedules += ran.Explored?.Schedules ?? 0;
            Operations += ran.Hammered?.Operations ?? 0;
            Expected += ran.IsAsExpected && ran.Finding is not null ? 1 : 0;
            Unexpected += ran.IsAsExpected || ran.Verdict == Verdicts.Interrupted ? 0 : 1;
        }
    }

    /// <summary>An item begins.</summary>
    public void Begin(ScheduledItem item)
    {
        lock (_gate)
        {
            _current = item.Key;
            _note = null;
        }
    }

    /// <summary>The item that runs tells how far it is.</summary>
    public void Tell(Func<ProgressNote> note)
    {
        lock (_gate)
        {
            _note = note;
        }
    }

    /// <summary>The item has ended.</summary>
    public void End(ScheduledItem item, RunItem ran)
    {
        Count(item, ran);
        lock (_gate)
        {
            _current = "";
            _note = null;
        }
    }

    /// <summary>All in one line.</summary>
    public string Line() => $"[{Math.Min(Done + 1, Items)}/{Items}] {Running().Line}; {Found()}, {Left()}";

    /// <summary>What runs, how far that is, what each worker of it does, and what there is so far.</summary>
    public IReadOnlyList<string> Block()
    {
        ProgressNote running = Running();
        return
        [
            $"[{Math.Min(Done + 1, Items)}/{Items}] {Current}",
            $"  {Figures.Count(Workers, "worker")}: {running.Line}",
            .. WorkersOf(running),
            $"  {Found()}, {Figures.Count(Schedules, "schedule")}, {Figures.Count(Operations, "operation")}; "
                + $"{Figures.Seconds(ElapsedSeconds)}, {Left()}",
        ];
    }

    // A block that is taller than the terminal would scroll.
    private static IEnumerable<string> WorkersOf(ProgressNote running)
    {
        int shown = running.Workers.Count <= MostShown ? MostShown : MostShown - 1;
        foreach (string worker in running.Workers.Take(shown))
        {
            yield return $"    {worker}";
        }

        if (running.Workers.Count > shown)
        {
            yield return $"    and {running.Workers.Count - shown} more";
        }
    }

    private ProgressNote Running()
    {
        lock (_gate)
        {
            return _note?.Invoke() ?? (_current.Length > 0 ? $"{_current} begins" : "between items");
        }
    }

    private string Found() => $"{Expected} found where they had to be, {Unexpected} unexpected";

    private string Left() => $"about {Figures.Seconds(SecondsLeft)} left";
}
