using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Stress.CommandLine;
using Stress.Corpus;
using Stress.Machine;
using Stress.Reporting;
using Stress.Running;

namespace Stress.Commands;

/// <summary><c>stress corpus</c>: what it takes to find each known bug.</summary>
internal sealed class CorpusCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private readonly Option<string> _filter = new("--filter")
    {
        HelpName = "GLOB",
        Description = "Takes the bugs whose corpus entry or scenario matches, with * and ?",
        DefaultValueFactory = _ => "*",
    };

    private readonly Option<int> _seeds = Options.Create(
        "--seeds", "N", "Seeds that must each find every bug", text => ValueReader.WholeInt(text, 1, 1000), 10);

    private readonly Option<long?> _schedules = Options.Create<long?>(
        "--schedules", "N", "Schedules for each seed [default: each bug's own budget]",
        text => ValueReader.Whole(text, 1, 1_000_000_000_000));

    private readonly Option<long> _twinSchedules = Options.Create(
        "--twin-schedules", "N", "Schedules in which each correct twin must be clean",
        text => ValueReader.Whole(text, 1, 1_000_000_000_000), 100_000L);

    private readonly Option<int> _replays = Options.Create(
        "--replays", "N", "Replays of each trace", text => ValueReader.WholeInt(text, 1, 1_000_000), 20);

    private readonly Option<ulong> _seed = Options.Seed();
    private readonly Option<int> _workers = Options.Workers(Environment.ProcessorCount);
    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _json = Options.Json();

    public string Examples => "stress corpus\nstress corpus --filter 'vma/*' --seeds 3\nstress corpus --json > kills.json";

    public Command Create()
    {
        var command = new Command("corpus", "Finds every known bug with several seeds, and prints the kill table")
        {
            _filter, _seeds, _schedules, _twinSchedules, _replays, _seed, _workers, _out, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string filter = parsed.GetValue(_filter)!;
        IReadOnlyList<Bug> bugs = Bug.Of(catalog, filter);
        if (bugs.Count == 0)
        {
            string near = NearestName.Suggestion(filter, [.. Bug.Of(catalog, "*").Select(bug => bug.Name)]);
            throw new UsageException(
                $"--filter: no bug matches '{filter}'{(near.Length > 0 ? near : "; 'stress list --bugs' names them all")}");
        }

        var limits = new HuntLimits(
            parsed.GetValue(_seed),
            parsed.GetValue(_seeds),
            parsed.GetValue(_schedules),
            parsed.GetValue(_twinSchedules),
            parsed.GetValue(_workers),
            parsed.GetValue(_replays));
        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out)!, CommandTree.Arguments(parsed), limits.Seed, bugs.Count);
        session.Output.Line(
            $"corpus: {Figures.Count(bugs.Count, "bug")}, {Figures.Count(limits.Seeds, "seed")} from {limits.Seed}, "
            + $"twins over {Figures.Count(limits.TwinSchedules, "schedule")}, "
            + $"{Figures.Count(limits.Workers, "worker")}, results {session.Folder.Location}");
        new BugHunt(catalog, session, limits).Run(bugs);
        CorpusReport.Write(
            session.Output, session.Recorder.Summary, filter == "*" ? Bug.OutOfReach(catalog) : []);
        return session.Finish(
            session.Interrupt.IsRequested ? ExitCode.Interrupted
            : session.Recorder.Summary.Items.All(item => item.IsAsExpected) ? ExitCode.AsExpected
            : ExitCode.Violation);
    }
}
