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

/// <summary><c>stress replay</c>: repeats a recorded execution.</summary>
internal sealed class ReplayCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private readonly Argument<string?> _trace = new("TRACE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A trace that 'explore' or 'nightly' wrote",
    };

    private readonly Option<int> _times = Options.Create(
        "--times", "N", "How often it is replayed", text => ValueReader.WholeInt(text, 1, 1_000_000), 10);

    private readonly Option<string?> _variant = Options.Variant("Refuse a trace of another variant");
    private readonly Option<string?> _out = new("--out")
    {
        HelpName = "DIR",
        Description = "Where the run's folder goes [default: a replay leaves none]",
    };

    private readonly Option<bool> _verbose = Options.Verbose();
    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress replay results/latest/traces/hugetlb-region-add-v7.json\n"
        + "stress replay results/latest/traces/hugetlb-region-add-v7.json --times 100 --json";

    public Command Create()
    {
        var command = new Command(
            "replay", "Repeats a recorded execution: 0 when it comes out as recorded every time, 1 otherwise")
        {
            _trace, _times, _variant, _out, _verbose, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_trace) ?? throw new UsageException(
            "TRACE is missing; give the path of a trace, such as results/latest/traces/NAME.json");
        TraceFile file = TraceFile.Open(path, catalog, parsed.GetValue(_variant));
        int times = parsed.GetValue(_times);
        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out), CommandTree.Arguments(parsed), file.Trace.Seed, planned: 1);
        long begun = Stopwatch.GetTimestamp();
        ReplayResult result = file.Replay(times, session.Interrupt.Token);
        RunItem item = Describe(file, result, Stopwatch.GetElapsedTime(begun));
        if (session.Recorder.Folder is { } folder && result.Finding is { } finding)
        {
            (string story, string? page) = StoryFiles.Save(folder, finding, item.Reproduce);
            item = item with { Finding = item.Finding! with { Story = story, StoryPage = page } };
        }

        session.Recorder.Add(item);
        Write(session, item, result, parsed.GetValue(_verbose));
        return session.Finish(
            !item.IsAsExpected ? ExitCode.Violation
            : result.Times < times ? ExitCode.Interrupted
            : ExitCode.AsExpected);
    }

    private static RunItem Describe(TraceFile file, ReplayResult result, TimeSpan elapsed)
    {
        bool isSame = result.Matched == result.Times;
        string found = result.Finding is { } finding ? $"{finding.Kind.Name()}: {finding.Text}" : "no finding";
        return new RunItem
        {
            Machine = "replay",
            Engine = file.Trace.Engine,
            Scenario = file.Scenario.Name,
            ScenarioVersion = file.Scenario.Version,
            Variant = file.Variant.Name,
            Expected = file.Variant.ExpectedIn(file.Trace.Memory == "weak").ToString(),
            Verdict = isSame ? Verdicts.Reproduced : Verdicts.Diverged,
            Outcome = $"{found}, reproduced {result.Matched}/{result.Times}",
            IsAsExpected = isSame,
            Seed = file.Trace.Seed,
            ElapsedSeconds = Math.Round(elapsed.TotalSeconds, 3),
            Replayed = new ReplayFigures(result.Times, result.Matched, result.Divergence),
            Finding = result.Finding is null ? null : new FindingSummary
            {
                Kind = result.Finding.Kind.Name(),
                Text = result.Finding.Text,
                Task = result.Finding.TaskName,
                Chains = result.Finding.Inversion?.Lines,
                Strategy = result.Finding.Strategy,
                Reproduced = result.Matched,
                ReproducedOf = result.Times,
                Hash = file.Trace.Hash,
                Trace = Path.GetFullPath(file.Path),
            },
            Reproduce = Reproduction.Replay(file.Path),
        };
    }

    private static void Write(Session session, RunItem item, ReplayResult result, bool isVerbose)
    {
        Output output = session.Output;
        output.Line($"replay {item.Scenario}, variant {item.Variant}: {item.Outcome} "
            + $"({Figures.Seconds(item.ElapsedSeconds)})");
        if (result.Divergence is { } divergence)
        {
            output.Line($"diverged   {divergence}");
        }

        if (result.Finding is { } finding)
        {
            ChainLines.Write(output, finding.Inversion?.Lines);
            output.Line();
            output.Line((isVerbose ? finding.Telling?.ToText(isVerbose) : null)?.TrimEnd() ?? finding.Story.TrimEnd());
        }

        output.Line();
        if (item.Finding is { StoryPage: { } page })
        {
            output.Line($"story      {Path.Combine(session.Folder.Location, page)}");
        }

        output.Line($"Reproduce: {item.Reproduce}");
    }
}
