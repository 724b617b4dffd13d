using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Nightly;

/// <summary>Runs the items of a night, one after the other, and records each as it ends.</summary>
/// <param name="bench">What they run with.</param>
/// <param name="schedule">What is to be run.</param>
/// <param name="items">The items of the plan, by their keys.</param>
/// <param name="isVerbose">Whether to tell of expected findings too as they are found.</param>
/// <param name="status">Is told how far it is.</param>
internal sealed class Night(
    Workbench bench, NightSchedule schedule, IReadOnlyDictionary<string, PlanItem> items, bool isVerbose,
    NightStatus status)
{
    // Rounds of an item must not share seeds with the nights around it.
    private const ulong RoundStride = 0x9E37_79B9_7F4A_7C15;

    private readonly Session _session = bench.Session;

    /// <summary>Runs what is not done yet.</summary>
    /// <exception cref="IOException">What was found cannot be written; the message says how to go on.</exception>
    public void Run() => _session.Output.Watch(status.Block, status.Line, () =>
    {
        Dictionary<string, RunItem> done = Ended.ToDictionary(item => item.Key!);
        for (int i = 0; i < schedule.Items.Count && !_session.Interrupt.IsRequested && !IsBudgetUsedUp; i++)
        {
            ScheduledItem next = schedule.Items[i];
            if (done.TryGetValue(next.Key, out RunItem? before))
            {
                status.Count(next, before);
                continue;
            }

            status.Begin(next);
            RunItem item = Guarded(() =>
            {
                RunItem ran = RunItem(next, status.Tell);
                _session.Recorder.Add(ran, mayWait: !IsTold(ran));
                return ran;
            });
            status.End(next, item);
            Tell($"[{i + 1}/{schedule.Items.Count}]", item);
            HostMemory.GiveBack();
        }

        return 0;
    });

    /// <summary>Keys of what did not run because the budget was used up.</summary>
    public IEnumerable<string> NotRun
        => schedule.Items.Select(item => item.Key).Except(Ended.Select(item => item.Key!));

    private IEnumerable<RunItem> Ended
        => _session.Recorder.Summary.Items.Where(item => item is { Key: not null, HasEnded: true });

    private bool IsBudgetUsedUp
        => schedule.BudgetSeconds is { } most && _session.Recorder.ElapsedSeconds > most;

    /// <summary>Does what writes results, and says how to go on where that cannot be done.</summary>
    public T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"results cannot be written: {e.Message.TrimEnd('.')}; all that was found before is in "
                + $"{_session.Folder.Location}: make room there, and "
                + $"'stress nightly --resume {_session.Folder.Location}' goes on",
                e);
        }
    }

    // A known bug that was found when its item was interrupted is no surprise.
    private static bool IsSurprise(RunItem item)
        => !item.IsAsExpected && (item.HasEnded || !item.IsFindingExpected);

    private bool IsTold(RunItem item) => item.Finding is not null && (IsSurprise(item) || isVerbose);

    // Only what is on disk is told of.
    private void Tell(string position, RunItem item)
    {
        if (!IsTold(item))
        {
            return;
        }

        string what = IsSurprise(item) ? "UNEXPECTED" : "found";
        _session.Output.Line($"{what} {position} {item.Key}: {item.Outcome}; Reproduce: {item.Reproduce}");
    }

    private RunItem RunItem(ScheduledItem scheduled, Action<Func<ProgressNote>> progress)
    {
        PlanItem item = items[KeyOf(scheduled)];
        ulong seed = unchecked(
            schedule.Seed + (ulong)item.Entry.SeedOffset + ((ulong)(scheduled.Round - 1) * RoundStride));
        TimeSpan? slice = scheduled.SliceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        RunItem ran;
        try
        {
            ran = item.Entry.Kind.Run(item, seed, slice, bench, progress);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or IOException or UnauthorizedAccessException))
        {
            // One broken scenario must not cost the rest of the night.
            ran = Broken(item, seed, e);
        }

        return ran with { Key = scheduled.Key, IsSelfTest = item.IsSelfTest };
    }

    private static string KeyOf(ScheduledItem scheduled)
        => scheduled.Round == 1 ? scheduled.Key : scheduled.Key[..scheduled.Key.LastIndexOf('#')];

    private static RunItem Broken(PlanItem item, ulong seed, Exception error) => new()
    {
        Machine = item.Entry.Kind.Name,
        Scenario = item.Scenario.Name,
        ScenarioVersion = item.Scenario.Version,
        Variant = item.Variant.Name,
        Expected = item.Variant.ExpectedIn(weak: false).ToString(),
        Verdict = Verdicts.Error,
        Outcome = $"the harness failed: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}",
        IsAsExpected = false,
        Seed = seed,
        ElapsedSeconds = 0,
        Reproduce = Reproduction.Run(
            $"explore {item.Scenario.Name} --variant {item.Variant.Name} --seed {seed}"),
    };
}
