using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Nightly;

/// <summary>Runs the items of a plan, one after the other, and records each as it ends.</summary>
internal sealed class Night(IReadOnlyList<Scenario> catalog, Session session, ulong seed, int workers)
{
    public void Run(IReadOnlyList<PlanItem> items) => session.Output.Track("nightly", progress =>
    {
        for (int i = 0; i < items.Count && !session.Interrupt.IsRequested; i++)
        {
            string position = $"[{i + 1}/{items.Count}] ";
            session.Recorder.Add(RunItem(items[i], line => progress(() => position + line())));
        }

        return 0;
    });

    /// <summary>The exit code of what was recorded.</summary>
    public int ExitCode()
    {
        bool isUnexpected = false;
        bool isBroken = false;
        foreach (RunItem item in session.Recorder.Summary.Items)
        {
            isBroken |= item.Verdict == Verdicts.Error;
            isUnexpected |= !item.IsAsExpected && item.Verdict is not (Verdicts.Error or Verdicts.Interrupted);
        }

        return session.Interrupt.IsRequested ? CommandLine.ExitCode.Interrupted
            : isUnexpected ? CommandLine.ExitCode.Violation
            : isBroken ? CommandLine.ExitCode.Incomplete
            : CommandLine.ExitCode.AsExpected;
    }

    private RunItem RunItem(PlanItem item, Action<Func<string>> progress)
    {
        ulong itemSeed = unchecked(seed + (ulong)item.Entry.SeedOffset);
        try
        {
            RunItem ran = item.Entry.Machine == PlanEntry.Explore
                ? Explore(item, itemSeed, progress)
                : Hammer(item, itemSeed, progress);
            return Replayed(ran, item.Entry.Replays);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or IOException or UnauthorizedAccessException))
        {
            // One broken scenario must not cost the rest of the night.
            return Broken(item, itemSeed, e);
        }
    }

    private RunItem Explore(PlanItem item, ulong itemSeed, Action<Func<string>> progress)
    {
        PlanEntry entry = item.Entry;
        bool hasOwnEnd = entry.Duration is not null || entry.Strategy == ExploreOptions.Exhaustive;
        long budget = hasOwnEnd ? long.MaxValue : item.Variant.ScheduleBudget;
        var options = new ExploreOptions
        {
            Seed = itemSeed,
            Schedules = entry.Schedules ?? budget,
            Duration = entry.Duration,
            Strategy = entry.Strategy,
            Memory = entry.MemoryOf(item.Variant),
            Preemptions = entry.Preemptions,
            Locks = Enum.Parse<LockAlgorithm>(entry.Locks, ignoreCase: true),
            Workers = workers,
        };
        return new ExploreJob(item.Scenario, item.Variant, options, BuiltinEngine.Instance).Run(session, progress);
    }

    // From the file, as a person would: this also proves that the file is whole.
    private RunItem Replayed(RunItem item, int times)
    {
        if (item.Finding?.Trace is not { } trace)
        {
            return item;
        }

        var file = TraceFile.Open(Path.Combine(session.Folder.Location, trace), catalog, item.Variant);
        ReplayResult result = file.Replay(times, session.Interrupt.Token);
        return item with
        {
            Replayed = new ReplayFigures(result.Times, result.Matched, result.Divergence),
            IsAsExpected = item.IsAsExpected && result.Matched == result.Times,
        };
    }

    private RunItem Hammer(PlanItem item, ulong itemSeed, Action<Func<string>> progress)
    {
        var options = new HammerOptions
        {
            Threads = item.Entry.Threads ?? item.Variant.Plan.Tasks.Count(task => !task.IsWorker),
            Duration = item.Entry.Duration!.Value,
            Seed = itemSeed,
        };
        return new HammerJob(item.Scenario, item.Variant, options, HammerJob.DefaultStorySchedules)
            .Run(session, progress);
    }

    private static RunItem Broken(PlanItem item, ulong itemSeed, Exception error) => new()
    {
        Machine = item.Entry.Machine,
        Scenario = item.Scenario.Name,
        ScenarioVersion = item.Scenario.Version,
        Variant = item.Variant.Name,
        Expected = item.Variant.ExpectedIn(weak: false).ToString(),
        Verdict = Verdicts.Error,
        Outcome = $"the harness failed: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}",
        IsAsExpected = false,
        Seed = itemSeed,
        ElapsedSeconds = 0,
        Reproduce = Reproduction.Run(
            $"{item.Entry.Machine} {item.Scenario.Name} --variant {item.Variant.Name} --seed {itemSeed}"),
    };
}
