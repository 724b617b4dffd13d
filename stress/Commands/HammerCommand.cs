using System;
using System.Collections.Generic;
using System.CommandLine;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Commands;

/// <summary><c>stress hammer</c>: runs a scenario on real threads.</summary>
internal sealed class HammerCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private static readonly HammerOptions s_defaults = new();

    private readonly Argument<string?> _scenario = new("SCENARIO")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Such as hugetlb/region-add; 'stress list' names them all",
    };

    private readonly Option<string?> _variant = Options.Variant("The version of the algorithm [default: the first]");

    private readonly Option<int?> _threads = Options.Create<int?>(
        "--threads", "N",
        "Threads, which play the roles in turn, besides one for each worker [default: one for each role]",
        text => ValueReader.WholeInt(text, 1, 1024));

    private readonly Option<TimeSpan?> _duration = Options.Create<TimeSpan?>(
        "--duration", "T", "How long, such as 10s, 2m or 1h [default: 10s]",
        text => ValueReader.Duration(text));

    private readonly Option<ulong> _seed = Options.Seed();

    private readonly Option<bool> _pin = new("--pin") { Description = "Keep each thread on a CPU of its own" };

    private readonly Option<double> _perturb = Options.Create(
        "--perturb", "P", "Probability of a delay before an access, 0 to 1", ValueReader.Share, 0.0);

    private readonly Option<double> _failAlloc = Options.Create(
        "--fail-alloc", "P", "Probability that an allocation fails that may, 0 to 1", ValueReader.Share, 0.0);

    private readonly Option<TimeSpan?> _watchdog = Options.Create<TimeSpan?>(
        "--watchdog", "T", "Without a finished operation for so long the run counts as hung [default: 10s]",
        text => ValueReader.Duration(text));

    private readonly Option<string> _lockOrder = Options.LockOrder();

    private readonly Option<bool> _noStory = new("--no-story")
    {
        Description = "Do not look for a finding in schedules, to leave a trace that replays and its story",
    };

    private readonly Option<long> _storySchedules = Options.Create(
        "--story-schedules", "N", "Schedules at most in which a finding is looked for",
        text => ValueReader.Whole(text, 1, 1_000_000_000_000),
        HammerJob.DefaultStorySchedules);

    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress hammer hugetlb/region-add --threads 8 --duration 30s\n"
        + "stress hammer hugetlb/region-add --variant v7 --perturb 0.01 --fail-alloc 0.01 --seed 7 --json";

    public Command Create()
    {
        var command = new Command("hammer", "Runs a scenario on real threads for a while")
        {
            _scenario, _variant, _threads, _duration, _seed, _pin, _perturb, _failAlloc, _watchdog, _lockOrder,
            _noStory, _storySchedules, _out, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        Scenario scenario = catalog.Scenario(parsed.GetValue(_scenario));
        Variant variant = scenario.Variant(parsed.GetValue(_variant));
        HammerOptions options = Read(parsed, variant);
        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out)!, CommandTree.Arguments(parsed), options.Seed, planned: 1);

        session.Output.Line(
            $"hammer {scenario.Name}, variant {variant.Name}: seed {options.Seed}, "
            + $"{Figures.Count(options.Threads, "thread")}, "
            + $"{Figures.Time(options.Duration)}; expected when explored: {variant.ExpectedIn(weak: false)}");
        var job = new HammerJob(
            scenario, variant, options,
            parsed.GetValue(_noStory) ? 0 : parsed.GetValue(_storySchedules));
        RunItem item = session.Output.Track($"hammer {scenario.Name} {variant.Name}", p => job.Run(session, p));
        session.Recorder.Add(item);
        HammerReport.Write(session.Output, item, job.Told, session.Folder.Location);
        return session.Finish(item.Verdict switch
        {
            Verdicts.Violation => ExitCode.Violation,
            Verdicts.Interrupted => ExitCode.Interrupted,
            _ => ExitCode.AsExpected,
        });
    }

    private HammerOptions Read(ParseResult parsed, Variant variant) => s_defaults with
    {
        Threads = parsed.GetValue(_threads) ?? variant.Plan.Players.Count,
        Duration = parsed.GetValue(_duration) ?? s_defaults.Duration,
        Seed = parsed.GetValue(_seed),
        Pin = parsed.GetValue(_pin),
        Perturb = parsed.GetValue(_perturb),
        FailAlloc = parsed.GetValue(_failAlloc),
        Watchdog = parsed.GetValue(_watchdog) ?? s_defaults.Watchdog,
        LockOrder = parsed.GetValue(_lockOrder) == "on",
    };
}
