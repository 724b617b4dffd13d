using System;
using System.Globalization;
using System.IO;
using System.Text;
using Stress.Exploration;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Running;

/// <summary>Explores one variant and turns the result into an item with its files.</summary>
internal sealed class ExploreJob(
    Scenario scenario, Variant variant, ExploreOptions options, IExplorationEngine engine)
    : IScenarioVisitor<ExploreResult>
{
    private ExploreOptions _options = options;

    private Expectation Expected => variant.ExpectedIn(_options.Memory == MemoryModel.Weak);

    /// <summary>What was found, with its story; null before the run and for nothing.</summary>
    public Finding? Finding { get; private set; }

    public RunItem Run(Session session, Action<Func<ProgressNote>> progress)
    {
        _options = _options with
        {
            Cancel = session.Interrupt.Token,
            Progress = now => progress(() => ProgressLine.Of(scenario, variant, now)),
        };
        ExploreResult result = variant.Accept(this);
        Finding = result.Finding;
        FindingSummary? summary = Finding is null ? null : FindingFiles.Save(session.Folder, Finding);
        return new RunItem
        {
            Machine = "explore",
            Engine = engine.Name,
            Scenario = scenario.Name,
            ScenarioVersion = scenario.Version,
            Variant = variant.Name,
            Expected = Expected.ToString(),
            Verdict = Finding is not null ? Verdicts.Violation
                : result.IsInterrupted ? Verdicts.Interrupted
                : Verdicts.NoFinding,
            Outcome = Outcome(result),
            IsAsExpected = IsAsExpected(result),
            IsFindingExpected = result.Finding is { } found && Expected.IsMetBy(found.Kind, found.Text),
            Seed = _options.Seed,
            ElapsedSeconds = Math.Round(result.Elapsed.TotalSeconds, 3),
            Explored = new Coverage(
                _options.Strategy,
                _options.Locks.ToString().ToLowerInvariant(),
                result.Schedules,
                result.Executions,
                result.Distinct,
                result.DistinctIsExact,
                _options.Schedules == long.MaxValue ? null : _options.Schedules),
            LockOrder = session.Recorder.Add(
                LockOrderItem.Of("explore", scenario.Name, variant.Name, result.LockOrder)),
            Outcomes = OutcomeReport.Figures(result.Outcomes),
            Finding = summary,
            Reproduce = summary?.Trace is { } trace
                ? Reproduction.Replay(Path.Combine(session.Folder.Location, trace))
                : Again(),
        };
    }

    ExploreResult IScenarioVisitor<ExploreResult>.Visit<TScenario>()
        => engine.Explore<TScenario>(scenario, variant, _options);

    // An interrupted run without a finding says nothing, and a finding that does not come again says too little.
    private bool IsAsExpected(ExploreResult result)
        => Expected.IsMetBy(result.Finding?.Kind, result.Finding?.Text)
            && (result.Finding is { } finding ? finding.Reproduced == finding.ReproducedOf : !result.IsInterrupted);

    private static string Outcome(ExploreResult result)
    {
        return result.Finding is { } finding
            ? $"{finding.Kind.Name()}: {finding.Text}"
            : $"{(result.IsInterrupted ? "interrupted, " : "")}{result.Coverage}, no finding";
    }

    private string Again()
    {
        var defaults = new ExploreOptions();
        var line = new StringBuilder($"explore {scenario.Name} --variant {variant.Name}");
        if (_options.Duration is { } duration)
        {
            line.Append(CultureInfo.InvariantCulture, $" --duration {duration.TotalSeconds}s");
        }

        if (_options.Schedules != long.MaxValue)
        {
            line.Append(CultureInfo.InvariantCulture, $" --schedules {_options.Schedules}");
        }

        Append(line, "--engine", engine.Name, BuiltinEngine.EngineName);
        Append(line, "--strategy", _options.Strategy, defaults.Strategy);
        Append(line, "--memory", _options.Memory, defaults.Memory);
        Append(line, "--preemptions", _options.Preemptions, defaults.Preemptions);
        Append(line, "--pct-depth", _options.PctDepth, defaults.PctDepth);
        Append(line, "--locks", _options.Locks, defaults.Locks);
        Append(line, "--alloc-failures", _options.AllocationFailures, defaults.AllocationFailures);
        Append(line, "--races", _options.DataRaces ? "on" : "off", "on");
        line.Append(_options.LockOrder ? "" : " --lock-order off");
        line.Append(_options.Reruns ? " --rerun" : "");
        line.Append(_options.Shrink ? "" : " --no-shrink");
        line.Append(CultureInfo.InvariantCulture, $" --seed {_options.Seed}");
        if (engine == BuiltinEngine.Instance)
        {
            line.Append(CultureInfo.InvariantCulture, $" --workers {_options.Workers}");
        }

        return Reproduction.Run(line.ToString());
    }

    private static void Append<T>(StringBuilder line, string option, T value, T byDefault)
    {
        if (!Equals(value, byDefault))
        {
            line.Append(' ').Append(option).Append(' ').Append(value?.ToString()?.ToLowerInvariant());
        }
    }
}
