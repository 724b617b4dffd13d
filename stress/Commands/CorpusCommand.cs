using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Stress.CommandLine;
using Stress.Corpus;
using Stress.Exploration;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Commands;

/// <summary><c>stress corpus</c>: what it takes to find each known bug.</summary>
internal sealed class CorpusCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private const string Both = "both";

    private readonly Option<string> _filter = new("--filter")
    {
        HelpName = "GLOB",
        Description = "Takes the bugs whose corpus entry or scenario matches, with * and ?",
        DefaultValueFactory = _ => "*",
    };

    private readonly Option<int?> _seeds = Options.Create<int?>(
        "--seeds", "N", "Seeds that must each find every bug [default: 10; 1 with Coyote]",
        text => ValueReader.WholeInt(text, 1, 1000));

    private readonly Option<long?> _schedules = Options.Create<long?>(
        "--schedules", "N", "Schedules for each seed [default: each bug's own budget; with Coyote 5,000 at most]",
        text => ValueReader.Whole(text, 1, 1_000_000_000_000));

    private readonly Option<long?> _twinSchedules = Options.Create<long?>(
        "--twin-schedules", "N",
        "Schedules in which each correct twin must be clean [default: 100,000; 500 with Coyote]",
        text => ValueReader.Whole(text, 1, 1_000_000_000_000));

    private readonly Option<int> _replays = Options.Create(
        "--replays", "N", "Replays of each trace", text => ValueReader.WholeInt(text, 1, 1_000_000), 20);

    private readonly Option<ulong> _seed = Options.Seed();
    private readonly Option<int> _workers = Options.Workers(Environment.ProcessorCount);
    private readonly Option<string> _engine = Options.Word(
        "--engine", "Who schedules: this tool, Microsoft.Coyote, or both, compared", BuiltinEngine.EngineName,
        [.. Engines.Names, Both]);

    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress corpus\nstress corpus --filter 'vma/*' --seeds 3\nstress corpus --json > kills.json\n"
        + "stress corpus --engine both --filter 'hugetlb*'";

    public Command Create()
    {
        var command = new Command("corpus", "Finds every known bug with several seeds, and prints the kill table")
        {
            _filter, _seeds, _schedules, _twinSchedules, _replays, _seed, _workers, _engine, _out, _json,
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

        string name = parsed.GetValue(_engine)!;
        IExplorationEngine[] engines = [.. (name == Both ? Engines.Names : [name]).Select(Engines.Named)];
        if (engines.Any(engine => engine != BuiltinEngine.Instance))
        {
            // Under Coyote memory is sequentially consistent.
            bugs = [.. bugs.Where(bug => bug.Memory == MemoryModel.Sc)];
        }

        ulong seed = parsed.GetValue(_seed);
        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out)!, CommandTree.Arguments(parsed), seed,
            bugs.Count * engines.Length);
        session.Output.Line($"corpus: {Figures.Count(bugs.Count, "bug")}, results {session.Folder.Location}");
        Dictionary<IExplorationEngine, BugHunt> hunts = engines.ToDictionary(
            engine => engine, engine => new BugHunt(catalog, session, Limits(parsed, engine, session.Output), engine));
        Hunt(session, bugs, hunts);
        RunSummary summary = session.Recorder.Summary;
        if (engines.Length > 1)
        {
            ComparisonReport.Write(session.Output, summary);
        }
        else
        {
            CorpusReport.Write(session.Output, summary);
        }

        return session.Finish(
            session.Interrupt.IsRequested ? ExitCode.Interrupted
            : summary.Items.All(engines.Length > 1 ? ComparisonReport.IsInOrder : item => item.IsAsExpected)
                ? ExitCode.AsExpected
            : ExitCode.Violation);
    }

    private static void Hunt(
        Session session, IReadOnlyList<Bug> bugs, Dictionary<IExplorationEngine, BugHunt> hunts)
        => session.Output.Track("corpus", progress =>
        {
            for (int i = 0; i < bugs.Count && !session.Interrupt.IsRequested; i++)
            {
                foreach ((IExplorationEngine engine, BugHunt hunt) in hunts)
                {
                    string position = $"[{i + 1}/{bugs.Count}] {(hunts.Count > 1 ? engine.Name + " " : "")}";
                    session.Recorder.Add(hunt.Hunt(bugs[i], line => progress(() => position + line())));
                }
            }

            return 0;
        });

    private HuntLimits Limits(ParseResult parsed, IExplorationEngine engine, Output output)
    {
        HuntLimits usual = HuntLimits.DefaultOf(engine);
        HuntLimits limits = usual with
        {
            Seed = parsed.GetValue(_seed),
            Seeds = parsed.GetValue(_seeds) ?? usual.Seeds,
            Schedules = parsed.GetValue(_schedules),
            TwinSchedules = parsed.GetValue(_twinSchedules) ?? usual.TwinSchedules,
            Workers = engine == BuiltinEngine.Instance ? parsed.GetValue(_workers) : 1,
            Replays = parsed.GetValue(_replays),
        };
        output.Line($"engine {engine.Name}: {Figures.Count(limits.Seeds, "seed")} from {limits.Seed}, "
            + $"twins over {Figures.Count(limits.TwinSchedules, "schedule")}, "
            + Figures.Count(limits.Workers, "worker"));
        return limits;
    }
}
