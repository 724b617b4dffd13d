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

/// <summary><c>stress merge</c>: makes one night of its shards.</summary>
internal sealed class MergeCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private readonly Argument<string[]> _folders = new("DIR")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Folders of shards, or folders that they are in",
    };

    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _json = Options.Json();

    public string Examples => "stress merge /shared/nights\nstress merge shard-1 shard-2 --out results --json";

    public Command Create()
    {
        var command = new Command("merge", "Makes one night of its shards, and says which are missing")
        {
            _folders, _out, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] folders = parsed.GetValue(_folders)!;
        if (folders.Length == 0)
        {
            throw new UsageException("DIR is missing: folders of shards, or folders that they are in");
        }

        var shards = ShardSet.Open(folders);
        string parent = parsed.GetValue(_out)!;
        NightSchedule schedule = shards.Schedule;
        Plan plan = PlanReader.Parse(schedule.Plan, schedule.PlanText);
        IReadOnlyDictionary<string, PlanItem> items = new NightPlanner(catalog).Items(plan);
        if (plan.Hash([.. items.Values]) != schedule.PlanHash)
        {
            throw new UsageException(
                "merge: the shards were made by a tool that has other scenarios; merge them with that one");
        }

        schedule = schedule with { Items = InOrderOf([.. items.Keys], schedule.Items) };
        RunSummary summary = Summary(shards, CommandTree.Arguments(parsed), schedule);
        using Session session = Session.Resume(parsed.GetValue(_json), Begin(parent, shards.Name, summary, schedule));
        session.Output.Line(
            $"merge {Figures.Count(shards.Runs.Count(), "shard")}, results {session.Folder.Location}");
        Fill(session, shards, schedule);
        return NightEnd.Finish(
            session,
            new NightJudge(parent, items, plan.Gates),
            schedule,
            shards.Runs.SelectMany(run => run.Summary.Night?.LeftOut ?? []),
            shards.Missing);
    }

    private static void Fill(Session session, ShardSet shards, NightSchedule schedule)
    {
        var sources = shards.Runs.SelectMany(run => run.Summary.Items
            .Where(item => item.Verdict != Verdicts.Interrupted).Select(item => (Run: run, Item: item)))
            .ToDictionary(source => source.Item.Key!);
        List<LockOrderItem> lockOrder = [.. shards.Runs.SelectMany(run => run.LockOrder().Items)];
        foreach (ScheduledItem scheduled in schedule.Items.Where(item => sources.ContainsKey(item.Key)))
        {
            (StoredRun run, RunItem item) = sources[scheduled.Key];
            foreach (LockOrderItem order in lockOrder.Where(order => order.Scenario == item.Scenario
                && order.Variant == item.Variant))
            {
                session.Recorder.Add(order);
            }

            session.Recorder.Add(new ItemMover(run, session.Folder).Move(item));
        }
    }

    // What was merged before is merged again, to the same.
    private static RunRecorder Begin(string parent, string name, RunSummary summary, NightSchedule schedule)
    {
        string location = Path.Combine(parent, name);
        if (File.Exists(Path.Combine(location, NightSchedule.Name)))
        {
            Directory.Delete(location, recursive: true);
        }

        var files = new Dictionary<string, string>
        {
            [NightSchedule.Name] = ResultsJson.Write(schedule),
            [RunFolder.SummaryName] = ResultsJson.Write(summary with { Run = name, Folder = location }),
        };
        try
        {
            RunFolder folder = RunFolder.CreateNamed(parent, name, files)
                ?? throw new UsageException($"--out: {location} is there and no merged night; give another --out");
            return RunRecorder.Resume(folder, summary, new LockOrderFile());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"--out: cannot make a run's folder in '{parent}': {e.Message.TrimEnd('.')}; name a folder that can be "
                + "written to, with room in it");
        }
    }

    private static RunSummary Summary(ShardSet shards, IReadOnlyList<string> commandLine, NightSchedule schedule)
    {
        RunSummary first = shards.Runs.First().Summary;
        return RunSummary.Begin(
            shards.Runs.Min(run => run.Summary.Started), commandLine, schedule.Seed, schedule.Items.Count) with
        {
            Tool = first.Tool,
            Commit = first.Commit,
            Host = first.Host,
            ElapsedSeconds = Math.Round(shards.Runs.Sum(run => run.Summary.ElapsedSeconds), 3),
        };
    }

    private static IReadOnlyList<ScheduledItem> InOrderOf(List<string> keys, IReadOnlyList<ScheduledItem> items)
    {
        var places = keys.Select((key, place) => (key, place)).ToDictionary(pair => pair.key, pair => pair.place);
        return
        [
            .. items.OrderBy(item => item.Round)
                .ThenBy(item => places[item.Round == 1 ? item.Key : item.Key[..item.Key.LastIndexOf('#')]]),
        ];
    }
}
