using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.Coyote.Runtime;
using Microsoft.Coyote.Specifications;
using Microsoft.Coyote.SystematicTesting;

namespace Stress.Exploration.Coyote;

/// <summary>One search of Coyote: runs schedules until one fails or all have run.</summary>
internal sealed class CoyoteSearch(
    ExploredMachine machine, CoyoteRun run, ExploreOptions options, LockOrderLedger lockOrder)
{
    private const int MaxDistinct = 1 << 22;
    private const int ProgressMilliseconds = 200;

    private readonly HashSet<ulong> _distinct = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _reportAt = ProgressMilliseconds;

    public long Schedules { get; private set; }

    public long Points { get; private set; }

    public long Distinct => _distinct.Count;

    public bool DistinctIsExact => _distinct.Count < MaxDistinct;

    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Searches.</summary>
    /// <returns>The failed run, or null.</returns>
    public CoyoteFailure? Search()
    {
        using TestingEngine engine = TestingEngine.Create(CoyoteConfiguration.ForSearch(options), Program);
        engine.SetLogger(new SilentLogger());
        engine.RegisterStartIterationCallBack(_ => Begin(engine));
        engine.RegisterEndIterationCallBack(_ => End());
        engine.Run();
        if (engine.TestReport.NumOfFoundBugs == 0)
        {
            return null;
        }

        JsonElement trace = JsonElement.Parse(engine.ReproducibleTrace);
        RunFinding finding = CoyoteVerdict.Of(machine, engine);
        string strategy = trace.GetProperty("Settings").GetProperty("Strategy").GetString() ?? "";
        return new CoyoteFailure(
            new FailedRun(Schedules - 1, strategy, finding, machine.Decisions.ToArray()), trace);
    }

    private void Program(ICoyoteRuntime runtime)
    {
        if (options.Strategy == "qlearning")
        {
            Specification.RegisterStateHashingFunction(machine.HashOfPlaces);
        }

        run.Run(runtime, recorder: null);
    }

    private void Begin(TestingEngine engine)
    {
        if (options.Cancel.IsCancellationRequested || _watch.Elapsed > options.Duration
            || Schedules >= lockOrder.EndsAt)
        {
            // The one way to end a search between two runs that leaves no run behind.
            throw new TaskCanceledException();
        }

        // Coyote keeps the text of every path that it has taken, which nobody asks for.
        engine.TestReport.CoverageInfo.ExploredPaths.Clear();
        if (options.Progress is { } progress && _watch.ElapsedMilliseconds >= _reportAt)
        {
            _reportAt = _watch.ElapsedMilliseconds + ProgressMilliseconds;
            progress(new ExploreProgress(Schedules, options.Schedules, _watch.Elapsed));
        }
    }

    private void End()
    {
        run.Close();
        CoyoteVerdict.JudgeStuck(machine, run);
        lockOrder.Publish(Schedules, machine, CoyoteSupport.EngineName);
        Schedules++;
        Points += machine.Points;
        if (DistinctIsExact)
        {
            _distinct.Add(machine.DecisionHash);
        }
    }
}

/// <summary>A run that failed under Coyote.</summary>
/// <param name="Run">The run.</param>
/// <param name="Trace">What Coyote repeats it from.</param>
internal sealed record CoyoteFailure(FailedRun Run, JsonElement Trace);
