using System;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;

namespace Stress.Reporting;

/// <summary>How far a run is, in one line.</summary>
internal static class ProgressLine
{
    public static ProgressNote Of(Scenario scenario, Variant variant, ExploreProgress now)
        => new(Line(scenario, variant, now), Workers(now));

    public static ProgressNote Of(Scenario scenario, Variant variant, HammerProgress now, TimeSpan duration)
        => new(
            $"hammer {scenario.Name} {variant.Name}: {Figures.Time(now.Elapsed)} of {Figures.Time(duration)}, "
            + $"{Figures.Count(now.Operations, "operation")}, {Figures.Count(now.OperationsPerSecond)}/s, "
            + $"{Figures.Count(now.Checkpoints, "checkpoint")}",
            [.. now.Threads.Select(Thread)]);

    private static string Line(Scenario scenario, Variant variant, ExploreProgress now)
    {
        double perSecond = now.Schedules / Math.Max(now.Elapsed.TotalSeconds, 0.001);
        string rate = $"{Figures.Count(perSecond)}/s";
        string name = $"explore {scenario.Name} {variant.Name}:";
        if (now.Share is { } share)
        {
            double all = now.Schedules / Math.Max(share, 1e-12);
            return $"{name} {Figures.Count(now.Schedules)} of about {Figures.Count(all)} executions, {rate}, about "
                + $"{Figures.Seconds((all - now.Schedules) / Math.Max(perSecond, 1))} left";
        }

        if (now.Planned == long.MaxValue)
        {
            return $"{name} {Figures.Count(now.Schedules, "schedule")}, {rate}";
        }

        double left = (now.Planned - now.Schedules) / Math.Max(perSecond, 1);
        return $"{name} {Figures.Share(now.Schedules, now.Planned)} of {Figures.Count(now.Planned, "schedule")}, {rate}, "
            + $"{Figures.Seconds(left)} left";
    }

    private static string[] Workers(ExploreProgress now)
        => now.OfWorkers is { Count: > 1 } workers
            ? [.. workers.Select((schedules, i) => $"worker {i + 1}: {Figures.Count(schedules, "schedule")}, "
                + $"{Figures.Count(schedules / Math.Max(now.Elapsed.TotalSeconds, 0.001))}/s")]
            : [];

    private static string Thread(ThreadProgress thread)
        => $"{thread.Name}: {State(thread.State)}, {Figures.Count(thread.Operations, "operation")}, "
            + $"{Figures.Count(thread.OperationsPerSecond)}/s";

    private static string State(ThreadState state) => state switch
    {
        ThreadState.Running => "runs",
        ThreadState.Paused => "waits at a checkpoint",
        _ => "has ended",
    };
}
