using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Nightly;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Commands;

/// <summary><c>stress nightly</c>: runs a plan and compares with the expected verdicts and the nights before.</summary>
internal sealed class NightlyCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private readonly Option<string> _plan = new("--plan")
    {
        HelpName = $"{string.Join('|', BuiltInPlans.Names)}|FILE",
        Description = "What to run: a plan that comes with the tool, or a JSON file",
        DefaultValueFactory = _ => "quick",
    };

    private readonly Option<TimeSpan?> _budget = Options.Create<TimeSpan?>(
        "--budget", "T", "Time for all of it, such as 20m or 8h, spread by what paid in earlier nights",
        text => ValueReader.Duration(text));

    private readonly Option<Shard?> _shard = Options.Create<Shard?>(
        "--shard", "K/N", "Run part K of N [default: what a Slurm array or an indexed job says; else all]",
        Shard.Parse);

    private readonly Option<string?> _resume = new("--resume")
    {
        HelpName = "RUN",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Go on with a night that was ended early [default: the newest in --out]",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Print what would run, how long it takes, and in which shard; run nothing",
    };

    private readonly Option<bool> _verbose = new("--verbose")
    {
        Description = "Tell of expected findings too as they are found",
    };

    private readonly Option<ulong?> _seed = Options.Create<ulong?>(
        "--seed", "S", "Seed of everything random [default: another one each night of a plan]",
        text => ValueReader.Seed(text));

    private readonly Option<int> _workers = Options.Workers(Environment.ProcessorCount);
    private readonly Option<int?> _metrics = Options.Create<int?>(
        "--metrics", "PORT", "Serve how far it is to Prometheus, at http://127.0.0.1:PORT/metrics",
        text => ValueReader.WholeInt(text, 1, 65_535));

    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress nightly --plan quick\n"
        + "stress nightly --plan full --budget 8h\n"
        + "stress nightly --plan full --budget 20m --dry-run\n"
        + "stress nightly --resume\n"
        + "stress nightly --plan full --shard 2/8 --seed 7 --out /tmp/nights";

    public Command Create()
    {
        var command = new Command("nightly", "Runs a plan; 0 when every verdict is the expected one")
        {
            _plan, _budget, _shard, _resume, _dryRun, _seed, _workers, _verbose, _metrics, _out, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var planner = new NightPlanner(catalog);
        string parent = parsed.GetValue(_out)!;
        if (parsed.GetResult(_resume) is not null)
        {
            RefuseWithResume(parsed, _plan, _budget, _seed, _workers, _dryRun);
            return Resume(parsed, planner, parent);
        }

        Plan plan = PlanReader.Read(parsed.GetValue(_plan)!);
        NightHistory history = NightHistory.Read(parent, HostDescription.Current);
        NightSchedule schedule = planner.Begin(
            plan,
            parsed.GetValue(_seed),
            parsed.GetValue(_workers),
            parsed.GetValue(_budget),
            Asked(parsed) ?? Shard.Whole,
            history);
        if (parsed.GetValue(_dryRun))
        {
            ScheduleReport.Write(new Output(parsed.GetValue(_json)), schedule, planner.Items(plan), history.Wrong);
            return ExitCode.AsExpected;
        }

        var status = new NightStatus(schedule);
        using NightMetrics? metrics = NightMetrics.Start(parsed.GetValue(_metrics), status);
        using Session session = Session.Open(
            parsed.GetValue(_json),
            parent,
            CommandTree.Arguments(parsed),
            schedule.Seed,
            schedule.Items.Count,
            Files(schedule));
        return Run(parsed, session, planner, schedule, status);
    }

    private int Resume(ParseResult parsed, NightPlanner planner, string parent)
    {
        StoredRun run = Unfinished(parsed.GetValue(_resume), parent, Asked(parsed));
        if (run.Summary.State == RunStates.Finished || run.Summary is { State: RunStates.Failed, Night: not null })
        {
            new Output(parsed.GetValue(_json)).Line($"{run.Location} is at its end: nothing to resume");
            return run.Summary.ExitCode ?? ExitCode.AsExpected;
        }

        var current = RunSummary.Begin(DateTimeOffset.UtcNow, [], run.Summary.Seed, 0);
        if ((run.Summary.Tool, run.Summary.Commit) != (current.Tool, current.Commit))
        {
            throw new UsageException(
                $"--resume: {run.Location} was begun by {run.Summary.Tool} of commit "
                + $"{run.Summary.Commit ?? "unknown"}, this is {current.Tool} of commit {current.Commit ?? "unknown"}; "
                + "begin another night, or build that one");
        }

        NightSchedule schedule = Readable(run.Schedule);
        LockOrderFile lockOrder = Readable(run.LockOrder);
        RunSummary summary = run.Summary with
        {
            // What was found, and told of, stays until its item has run to its end.
            Items = [.. run.Summary.Items.Where(item => item.HasEnded || item.Finding is not null)],
        };
        var status = new NightStatus(schedule);
        using NightMetrics? metrics = NightMetrics.Start(parsed.GetValue(_metrics), status);
        using Session session = Session.Resume(
            parsed.GetValue(_json), RunRecorder.Resume(RunFolder.Open(run.Location), summary, lockOrder));
        int begun = summary.Items.Count(item => !item.HasEnded);
        session.Output.Line(
            $"resume {run.Location}: {Figures.Count(summary.Items.Count - begun, "item")} done before"
            + (begun == 0 ? "" : $", {Figures.Count(begun, "finding")} of what was interrupted and runs again"));
        return Run(parsed, session, planner, schedule, status);
    }

    private int Run(
        ParseResult parsed, Session session, NightPlanner planner, NightSchedule schedule, NightStatus status)
    {
        Plan plan = PlanReader.Parse(schedule.Plan, schedule.PlanText);
        IReadOnlyDictionary<string, PlanItem> items = planner.Items(plan);
        session.Output.Line(
            $"nightly {schedule.Plan}: seed {schedule.Seed}, {Figures.Count(schedule.Items.Count, "item")}, "
            + (schedule.Shards > 1 ? $"shard {schedule.Shard}/{schedule.Shards}, " : "")
            + (schedule.BudgetSeconds is { } budget ? $"budget {Figures.Seconds(budget)}, " : "")
            + $"{Figures.Count(schedule.Workers, "worker")}, results {session.Folder.Location}");
        var night = new Night(
            new Workbench(catalog, session, schedule.Workers), schedule, items, parsed.GetValue(_verbose),
            status);
        night.Run();
        if (session.Interrupt.IsRequested)
        {
            NightlyReport.Write(session.Output, session.Recorder.Summary);
            session.Finish(ExitCode.Interrupted);
            night.Guarded(() => NightEnd.Report(session));
            return ExitCode.Interrupted;
        }

        string beside = Path.GetDirectoryName(Path.GetFullPath(session.Folder.Location))!;
        var judge = new NightJudge(beside, items, plan.Gates);
        return NightEnd.Finish(session, judge, night, schedule);
    }

    private Shard? Asked(ParseResult parsed)
        => parsed.GetValue(_shard) ?? Shard.FromEnvironment(Environment.GetEnvironmentVariable);

    private static Dictionary<string, string> Files(NightSchedule schedule)
    {
        var files = new Dictionary<string, string> { [NightSchedule.Name] = ResultsJson.Write(schedule) };
        if (WorkingTree.Diff() is { Length: > 0 } diff)
        {
            files.Add(WorkingTree.DiffName, diff);
        }

        return files;
    }

    private static void RefuseWithResume(ParseResult parsed, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new UsageException($"--resume goes on as the night was begun; leave {option.Name} out");
            }
        }
    }

    private static StoredRun Unfinished(string? name, string parent, Shard? shard)
    {
        if (name is not null)
        {
            string location = Directory.Exists(name) || File.Exists(name) ? name : Path.Combine(parent, name);
            StoredRun named = Readable(() => StoredRun.Open(location));
            return named.IsNight ? named : throw new UsageException($"--resume: {location} is not a night's run");
        }

        return StoredRun.All(parent).LastOrDefault(run => run.IsNight && (shard is null || IsOf(run, shard)))
            ?? throw new UsageException(
                $"--resume: there is no night{(shard is null ? "" : $" of shard {shard}")} in '{parent}'; "
                + "name its folder");
    }

    private static bool IsOf(StoredRun run, Shard shard)
        => Readable(run.Schedule) is var schedule && (schedule.Shard, schedule.Shards) == (shard.Number, shard.Count);

    private static T Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"--resume: {e.Message}");
        }
    }
}
