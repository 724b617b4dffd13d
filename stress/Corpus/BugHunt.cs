using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Corpus;

/// <summary>Looks for each bug with several seeds, replays it, and explores its correct twin.</summary>
internal sealed class BugHunt(
    IReadOnlyList<Scenario> catalog, Session session, HuntLimits limits, IExplorationEngine engine)
{
    // Several bugs have the same twin.
    private readonly Dictionary<(Variant Twin, MemoryModel Memory), ExploreResult> _twins = [];

    /// <summary>Hunts one bug.</summary>
    public RunItem Hunt(Bug bug, Action<Func<ProgressNote>> progress)
    {
        // The first search leaves its trace, which is replayed from its file.
        RunItem first = new ExploreJob(bug.Scenario, bug.Variant, Options(bug, bug.Variant, 0), engine)
            .Run(session, progress);
        var finds = new List<(long Schedules, double Seconds, string Strategy)>();
        var seconds = new List<double> { first.ElapsedSeconds };
        string? other = null;
        if (first is { IsAsExpected: true, Finding: { } finding })
        {
            finds.Add((first.Explored!.Schedules, first.ElapsedSeconds, finding.Strategy!));
        }
        else if (first.Finding is not null)
        {
            other = first.Outcome;
        }

        for (int i = 1; i < limits.Seeds && !session.Interrupt.IsRequested; i++)
        {
            ExploreResult result = new Search(bug.Scenario, bug.Variant, Options(bug, bug.Variant, i), engine)
                .Run(progress);
            seconds.Add(result.Elapsed.TotalSeconds);
            if (result.Finding is { } found && bug.Variant.Expected.IsMetBy(found.Kind, found.Text)
                && found.Reproduced == found.ReproducedOf)
            {
                finds.Add((result.Schedules, result.Elapsed.TotalSeconds, found.Strategy));
            }
            else if (result.Finding is { } unexpected)
            {
                other ??= $"{unexpected.Kind.Name()}: {unexpected.Text}";
            }
        }

        ReplayFigures? replayed = Replayed(bug, first);
        ExploreResult? twin = bug.Twin is { } variant && !session.Interrupt.IsRequested ? TwinOf(bug, variant) : null;
        return first with
        {
            Machine = "corpus",
            Replayed = replayed,
            Killed = Figures(bug, finds, seconds, twin, other),
            IsAsExpected = finds.Count == limits.Seeds && (replayed is null || replayed.Matched == replayed.Times)
                && twin?.Finding is null,
            Verdict = session.Interrupt.IsRequested ? Verdicts.Interrupted : first.Verdict,
            ElapsedSeconds = Math.Round(seconds.Sum(), 3),
        };
    }

    private KillFigures Figures(
        Bug bug,
        List<(long Schedules, double Seconds, string Strategy)> finds,
        List<double> seconds,
        ExploreResult? twin,
        string? other)
        => new(
            bug.Name,
            bug.Variant.Expected.Kind!.Value.Name(),
            finds.Count,
            limits.Seeds,
            [.. finds.Select(find => find.Schedules)],
            finds.Count == 0 ? null : Median([.. finds.Select(find => find.Schedules)]),
            Math.Round(Median(seconds), 3),
            finds.GroupBy(find => find.Strategy).MaxBy(group => group.Count())?.Key,
            bug.Twin?.Name,
            twin?.Schedules ?? 0,
            twin?.Finding is { } finding ? $"{finding.Kind.Name()}: {finding.Text}" : null,
            other);

    private ReplayFigures? Replayed(Bug bug, RunItem item)
    {
        if (item.Finding?.Trace is not { } trace)
        {
            return null;
        }

        var file = TraceFile.Open(Path.Combine(session.Folder.Location, trace), catalog, bug.Variant.Name);
        ReplayResult result = file.Replay(limits.Replays, session.Interrupt.Token);
        return new ReplayFigures(result.Times, result.Matched, result.Divergence);
    }

    private ExploreResult TwinOf(Bug bug, Variant twin)
    {
        if (!_twins.TryGetValue((twin, bug.Memory), out ExploreResult? result))
        {
            ExploreOptions options = Options(bug, twin, 0) with { Schedules = limits.TwinSchedules };
            result = new Search(bug.Scenario, twin, options, engine).Run(progress: null);
            _twins.Add((twin, bug.Memory), result);
        }

        return result;
    }

    private ExploreOptions Options(Bug bug, Variant variant, int number) => new()
    {
        Memory = bug.Memory,
        Seed = unchecked(limits.Seed + (ulong)number),
        Schedules = limits.Schedules ?? Math.Min(variant.ScheduleBudget, limits.MostSchedules),
        Workers = limits.Workers,

        // Only the first search leaves something for people to read.
        Shrink = number == 0,
        Cancel = session.Interrupt.Token,
    };

    private static T Median<T>(List<T> values)
    {
        values.Sort();
        return values[(values.Count - 1) / 2];
    }

    // An exploration that leaves nothing behind.
    private sealed class Search(
        Scenario scenario, Variant variant, ExploreOptions options, IExplorationEngine engine)
        : IScenarioVisitor<ExploreResult>
    {
        private ExploreOptions _options = options;

        public ExploreResult Run(Action<Func<ProgressNote>>? progress)
        {
            if (progress is not null)
            {
                _options = _options with { Progress = now => progress(() => ProgressLine.Of(scenario, variant, now)) };
            }

            return variant.Accept(this);
        }

        ExploreResult IScenarioVisitor<ExploreResult>.Visit<TScenario>()
            => engine.Explore<TScenario>(scenario, variant, _options);
    }
}
