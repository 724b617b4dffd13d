using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Stress.CommandLine;
using Stress.Exploration;
using Stress.Machine;

namespace Stress.Running;

/// <summary>A trace on disk, with the scenario and the variant that it belongs to.</summary>
internal sealed class TraceFile : IScenarioVisitor<ReplayResult>, IScenarioVisitor<ShrinkResult>
{
    // So many are replayed before an interruption is looked for.
    private const int BatchSize = 100;

    private readonly IExplorationEngine _engine;
    private int _times;

    private TraceFile(string path, Trace trace, Scenario scenario, Variant variant)
    {
        _engine = Engines.Of(trace);
        Path = path;
        Trace = trace;
        Scenario = scenario;
        Variant = variant;
    }

    public string Path { get; }

    public Trace Trace { get; }

    public Scenario Scenario { get; }

    public Variant Variant { get; }

    /// <param name="path">The file.</param>
    /// <param name="catalog">The scenarios there are.</param>
    /// <param name="variant">The variant that it has to be of; null for any.</param>
    /// <exception cref="UsageException">It cannot be read, or is of something else.</exception>
    public static TraceFile Open(string path, IReadOnlyList<Scenario> catalog, string? variant)
    {
        if (!File.Exists(path))
        {
            throw new UsageException(
                $"there is no trace '{path}'; 'stress explore' writes one when it finds something");
        }

        try
        {
            var trace = Trace.Load(path);
            Scenario scenario = catalog.Scenario(trace.Scenario);
            if (variant is not null && variant != trace.Variant)
            {
                throw new TraceException($"it is of variant '{trace.Variant}', not '{variant}'; leave --variant out");
            }

            return new TraceFile(path, trace, scenario, scenario.Variant(trace.Variant));
        }
        catch (Exception e) when (e is TraceException or UsageException)
        {
            // What comes from reading the file begins with its path already.
            throw new UsageException(
                e.Message.StartsWith(path, StringComparison.Ordinal)
                    ? $"trace {e.Message}"
                    : $"trace {path}: {e.Message}");
        }
    }

    /// <summary>Replays it, and stops early when it is told to.</summary>
    /// <exception cref="UsageException">The trace is of another version of the scenario.</exception>
    public ReplayResult Replay(int times, CancellationToken cancel)
    {
        ReplayResult total = ReplayBatch(Math.Min(times, BatchSize));
        while (total.Times < times && !cancel.IsCancellationRequested)
        {
            ReplayResult more = ReplayBatch(Math.Min(times - total.Times, BatchSize));
            total = total with
            {
                Times = total.Times + more.Times,
                Matched = total.Matched + more.Matched,
                Divergence = total.Divergence ?? more.Divergence,
            };
        }

        return total;
    }

    /// <summary>Makes its run smaller.</summary>
    /// <exception cref="UsageException">The trace is of another version of the scenario.</exception>
    public ShrinkResult Shrink() => Accept<ShrinkResult>(this);

    private ReplayResult ReplayBatch(int times)
    {
        _times = times;
        return Accept<ReplayResult>(this);
    }

    private TResult Accept<TResult>(IScenarioVisitor<TResult> visitor)
    {
        try
        {
            return Variant.Accept(visitor);
        }
        catch (TraceException e)
        {
            throw new UsageException($"trace {Path}: {e.Message}");
        }
    }

    ReplayResult IScenarioVisitor<ReplayResult>.Visit<TScenario>()
        => _engine.Replay<TScenario>(Scenario, Variant, Trace, _times);


    ShrinkResult IScenarioVisitor<ShrinkResult>.Visit<TScenario>()
        => Explorer.Shrink<TScenario>(Scenario, Variant, Trace);
}
