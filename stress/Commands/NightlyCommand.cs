using System;
using System.Collections.Generic;
using System.CommandLine;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Nightly;
using Stress.Reporting;
using Stress.Running;

namespace Stress.Commands;

/// <summary><c>stress nightly</c>: runs a plan and compares with the expected verdicts.</summary>
internal sealed class NightlyCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private readonly Option<string> _plan = new("--plan")
    {
        HelpName = "quick|FILE",
        Description = "What to run: a plan that comes with the tool, or a JSON file",
        DefaultValueFactory = _ => "quick",
    };

    private readonly Option<ulong> _seed = Options.Seed();
    private readonly Option<int> _workers = Options.Workers(Environment.ProcessorCount);
    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress nightly --plan quick\n"
        + "stress nightly --plan quick --seed 7 --out /tmp/nights --json > night.json";

    public Command Create()
    {
        var command = new Command("nightly", "Runs a plan; 0 when every verdict is the expected one")
        {
            _plan, _seed, _workers, _out, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        Plan plan = PlanReader.Read(parsed.GetValue(_plan)!);
        IReadOnlyList<PlanItem> items = plan.Expand(catalog);
        ulong seed = parsed.GetValue(_seed);
        int workers = parsed.GetValue(_workers);
        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out)!, CommandTree.Arguments(parsed), seed, items.Count);

        session.Output.Line(
            $"nightly {plan.Name}: seed {seed}, {Figures.Count(items.Count, "item")}, "
            + $"{Figures.Count(workers, "worker")}, "
            + $"results {session.Folder.Location}");
        var night = new Night(catalog, session, seed, workers);
        night.Run(items);
        NightlyReport.Write(session.Output, session.Recorder.Summary);
        return session.Finish(night.ExitCode());
    }
}
