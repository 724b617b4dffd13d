using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.CommandLine;
using Stress.Machine.Native;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>Says what a night means beside the nights before it, and enters it into the ledger and the history.
/// </summary>
/// <param name="parent">Where runs go.</param>
/// <param name="items">The items of the plan, by their keys.</param>
/// <param name="gates">What makes the night red.</param>
internal sealed class NightJudge(string parent, IReadOnlyDictionary<string, PlanItem> items, Gates gates)
{
    /// <summary>What could not be read, each in one line.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    private readonly List<string> _warnings = [];

    /// <summary>What the night came to.</summary>
    /// <param name="night">Its summary.</param>
    /// <param name="lockOrder">The order of locks that it has seen.</param>
    /// <param name="schedule">What it was to run.</param>
    /// <param name="notRun">Keys of what did not run.</param>
    /// <param name="missing">Shards that are not there.</param>
    /// <exception cref="IOException">What is beside the runs cannot be read.</exception>
    public NightFigures Judge(
        RunSummary night,
        LockOrderFile lockOrder,
        NightSchedule schedule,
        IEnumerable<string> notRun,
        IReadOnlyList<int> missing)
    {
        List<RunItem> tests = [.. night.Items.Where(item => item.IsSelfTest)];
        var figures = new NightFigures
        {
            Plan = schedule.Plan,
            PlanHash = schedule.PlanHash,
            Shard = schedule.Shard,
            Shards = schedule.Shards,
            SelfTests = tests.Count,
            SelfTestsMissed = [.. tests.Where(item => !item.IsAsExpected).Select(item => item.Key!)],
            NearMisses = NearMiss.Smallest(night.Items.SelectMany(Distances)),
            LeftOut = [.. notRun],
            MissingShards = missing,
        };

        // A part of a night is compared when it was merged with the others.
        return schedule.Shards > 1 ? WithGates(figures, night, []) : Compared(figures, night, lockOrder);
    }

    /// <summary>Enters a night that was judged; again, if it has to be.</summary>
    /// <exception cref="IOException">What is beside the runs cannot be written.</exception>
    public void Enter(RunSummary night, int exitCode)
    {
        LedgerFile.Write(parent, LedgerFile.Read(parent).Ledger.With(night.Night!.Plan, night));
        NightHistory.Append(parent, night.Host, NightRecord.Of(night, exitCode));
    }

    /// <summary>The exit code of a night that was judged.</summary>
    public static int ExitCodeOf(RunSummary night)
        => night.Night!.FailedGates.Count > 0 ? ExitCode.Violation
            : night.Items.Any(item => item.Verdict == Verdicts.Error) || night.Night.MissingShards.Count > 0
                ? ExitCode.Incomplete
            : ExitCode.AsExpected;

    private NightFigures Compared(NightFigures figures, RunSummary night, LockOrderFile lockOrder)
    {
        (Ledger ledger, string? wrong) = LedgerFile.Read(parent);
        NightHistory history = NightHistory.Read(parent, night.Host);
        _warnings.AddRange(history.Wrong);
        if (wrong is not null)
        {
            _warnings.Add(wrong);
        }

        string? before = ledger.Last.GetValueOrDefault(figures.Plan)?.Run;
        return WithGates(
            figures with
            {
                Before = before,
                Ledger = ledger.Compare(figures.Plan, night),
                NewLockOrder = before is null ? [] : NewLockOrder(before, lockOrder),
                ChangedCounts = history.Nights.LastOrDefault(past => past.Run == before) is not { } last ? []
                    : [.. CountChange.Between(last, NightRecord.Of(night, exitCode: 0)).Select(change => $"{change}")],
            },
            night,
            history.Here);
    }

    private IReadOnlyList<string> NewLockOrder(string before, LockOrderFile now)
    {
        try
        {
            LockOrderFile then = StoredRun.Open(Path.Combine(parent, before)).LockOrder();
            return
            [
                .. LockOrderDiff.Between(then, now).Where(change => change.IsNew)
                    .Select(change => $"{change.Scenario}@{change.Variant}: {change.Fact}"),
            ];
        }
        catch (InvalidDataException e)
        {
            _warnings.Add($"the order of locks is not compared with the last night's: {e.Message}");
            return [];
        }
    }

    private NightFigures WithGates(NightFigures figures, RunSummary night, IReadOnlyList<NightRecord> past)
    {
        var failed = new List<string>();
        if (figures.SelfTestsMissed.Count > 0)
        {
            failed.Add($"self-test: not found in {string.Join(", ", figures.SelfTestsMissed)}");
        }

        int wrong = night.Items.Count(item => !item.IsSelfTest && !item.IsAsExpected
            && item.Verdict is not (Verdicts.Error or Verdicts.Interrupted));
        if (wrong > 0 && gates.Verdicts == Gates.Fail)
        {
            failed.Add($"verdicts: {wrong} not as expected");
        }

        if (figures.NewLockOrder.Count > 0 && gates.NewLockOrder == Gates.Fail)
        {
            failed.Add($"newLockOrder: {figures.NewLockOrder.Count} that the last night did not show");
        }

        if (figures.ChangedCounts.Count > 0 && gates.Counts == Gates.Fail)
        {
            failed.Add($"counts: {figures.ChangedCounts.Count} are not those of the last night, such as "
                + figures.ChangedCounts[0]);
        }

        if (gates.Throughput == Gates.Fail)
        {
            failed.AddRange(RateBand.Below(past, NightRecord.Of(night, exitCode: 0))
                .Select(low => $"throughput: {low}"));
        }

        return figures with { FailedGates = failed };
    }

    private IEnumerable<NearMiss> Distances(RunItem item)
    {
        long? budget = items.TryGetValue(item.Key ?? "", out PlanItem? planned) && !planned.Variant.Expected.IsClean
            ? planned.Entry.Schedules ?? planned.Variant.ScheduleBudget : null;
        return NearMiss.Of(item, budget, new HammerOptions().Watchdog);
    }
}
