using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using Stress.CommandLine;
using Stress.Exploration;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Commands;

/// <summary><c>stress shrink</c>: makes a recorded execution smaller.</summary>
internal sealed class ShrinkCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private readonly Argument<string?> _trace = new("TRACE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A trace that 'explore' or 'nightly' wrote",
    };

    private readonly Option<string?> _variant = Options.Variant("Refuse a trace of another variant");
    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _verbose = Options.Verbose();
    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress explore hugetlb/region-add --variant v7 --no-shrink\n"
        + "stress shrink results/latest/traces/hugetlb-region-add-v7.json";

    public Command Create()
    {
        var command = new Command(
            "shrink",
            "Makes a recorded execution smaller while it fails in the same way: 0 when the new trace reproduces, 1 when "
            + "the old one does not")
        {
            _trace, _variant, _out, _verbose, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_trace) ?? throw new UsageException(
            "TRACE is missing; give the path of a trace, such as results/latest/traces/NAME.json");
        TraceFile file = TraceFile.Open(path, catalog, parsed.GetValue(_variant));

        // Before the run's folder is made: a trace of another version leaves none.
        long begun = Stopwatch.GetTimestamp();
        ShrinkResult result = file.Shrink();
        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out)!, CommandTree.Arguments(parsed), file.Trace.Seed, planned: 1);
        FindingSummary? summary = result.Finding is { } finding ? FindingFiles.Save(session.Folder, finding) : null;
        RunItem item = Describe(file, result, summary, session, Stopwatch.GetElapsedTime(begun));
        session.Recorder.Add(item);
        ShrinkReport.Write(session, item, result, parsed.GetValue(_verbose));
        return session.Finish(item.IsAsExpected ? ExitCode.AsExpected : ExitCode.Violation);
    }

    private static RunItem Describe(
        TraceFile file, ShrinkResult result, FindingSummary? summary, Session session, TimeSpan elapsed)
    {
        bool isSame = result.Finding is { } finding && finding.Reproduced == finding.ReproducedOf;
        return new RunItem
        {
            Machine = "shrink",
            Scenario = file.Scenario.Name,
            ScenarioVersion = file.Scenario.Version,
            Variant = file.Variant.Name,
            Expected = file.Variant.Expected.ToString(),
            Verdict = isSame ? Verdicts.Reproduced : Verdicts.Diverged,
            Outcome = summary is null ? $"not reproduced: {result.Divergence}" : $"{summary.Kind}: {summary.Text}",
            IsAsExpected = isSame,
            Seed = file.Trace.Seed,
            ElapsedSeconds = Math.Round(elapsed.TotalSeconds, 3),
            Finding = summary,
            Reproduce = Reproduction.Replay(
                summary?.Trace is { } trace ? Path.Combine(session.Folder.Location, trace) : file.Path),
        };
    }
}
