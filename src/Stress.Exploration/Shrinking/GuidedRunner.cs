using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

/// <summary>A run that followed a schedule, or a recording.</summary>
/// <param name="Finding">What went wrong; null for a run that passed.</param>
/// <param name="Made">What was done: followed again, it comes to the same.</param>
/// <param name="Decisions">What repeats it.</param>
/// <param name="Measure">How much there is to it.</param>
/// <param name="IsJudgedAtEnd">Whether the finding depends on who has ended.</param>
/// <param name="Operations">For each task the outermost operations that it began.</param>
/// <param name="OperationEnds">Positions at which a task had just ended an operation.</param>
/// <param name="Events">What happened; empty unless it was asked for.</param>
internal sealed record GuidedRun(
    RunFinding? Finding, Schedule Made, int[] Decisions, RunMeasure Measure, bool IsJudgedAtEnd,
    IReadOnlyList<int> Operations, IReadOnlyList<Turn> OperationEnds, IReadOnlyList<TraceEvent> Events)
{
    /// <summary>Whether it came to a finding of this signature.</summary>
    public bool IsOf(FindingSignature signature)
        => Finding is not null && FindingSignature.Of(Finding) == signature;
}

/// <summary>Runs schedules on one machine, as many as a budget allows.</summary>
/// <param name="machine">The machine.</param>
/// <param name="runs">How many runs.</param>
/// <param name="points">How many scheduling points in all of them: long runs are few runs.</param>
internal sealed class GuidedRunner(ExploredMachine machine, int runs, long points)
{
    private long _pointsLeft = points;

    /// <summary>Runs made.</summary>
    public int Runs { get; private set; }

    public bool IsSpent => Runs >= runs || _pointsLeft <= 0;

    public ExploredMachine Machine => machine;

    /// <summary>Follows a schedule.</summary>
    /// <param name="schedule">What to follow.</param>
    /// <param name="isWhole">Whether tasks run on beyond their limits, once nobody else can.</param>
    /// <param name="keepsEvents">Whether the run is told.</param>
    public GuidedRun Run(Schedule schedule, bool isWhole = false, bool keepsEvents = false)
    {
        machine.Limit(isWhole ? null : schedule.Limits);
        return Run(new GuidedStrategy(machine, schedule), keepsEvents);
    }

    /// <summary>Makes the next run of a tree; null when it has none left.</summary>
    public GuidedRun? Run(BoundedTree tree, Schedule schedule)
    {
        machine.Limit(schedule.Limits);
        return tree.Advance() ? Run(new TreeStrategy(machine, schedule, tree), keepsEvents: false) : null;
    }

    /// <summary>Repeats a recording, to learn its schedule; null when it cannot be repeated.</summary>
    public GuidedRun? Repeat(IReadOnlyList<int> decisions, IReadOnlyList<int>? limits, bool keepsEvents = false)
    {
        machine.Limit(limits);
        int[] all = limits is null ? [.. machine.Plan.Tasks.Select(_ => MachineSettings.NoLimit)] : [.. limits];
        var replay = new ReplayStrategy(decisions);
        var empty = new Schedule([], [.. all.Select(_ => Array.Empty<int>())], all);
        GuidedRun run = Run(new NotingStrategy(machine, empty, replay), keepsEvents);
        return replay.Divergence is null && replay.IsExhausted ? run : null;
    }

    private GuidedRun Run(GuidedStrategy strategy, bool keepsEvents)
    {
        var recorder = new Recorder(machine, keepsEvents);
        machine.Run(strategy, recorder);
        Runs++;
        _pointsLeft -= machine.Points;
        return Describe(strategy, recorder);
    }

    private GuidedRun Describe(GuidedStrategy strategy, Recorder recorder)
    {
        int[] decisions = machine.Decisions.ToArray();
        Schedule made = strategy.Made;
        int[] tasks = [.. Enumerable.Range(0, machine.Plan.Tasks.Count)];
        int[] operations = [.. tasks.Select(machine.OperationsBegunBy)];
        var measure = new RunMeasure(
            tasks.Count(task => machine.PositionOf(task) > 0), strategy.Preemptions, operations.Sum(),
            recorder.Switches, made.Draws.Sum(drawn => drawn.Sum()), machine.Points, decisions.Length);
        return new GuidedRun(
            machine.Finding, made, decisions, measure, machine.IsJudgedAtEnd, operations,
            strategy.OperationEnds, recorder.Events);
    }
}
