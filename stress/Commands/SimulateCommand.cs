using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Reporting;
using Stress.Running;
using Stress.Simulation;

namespace Stress.Commands;

/// <summary><c>stress simulate</c>: compares layouts on a machine that is not here.</summary>
internal sealed class SimulateCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private readonly Argument<string?> _scenario = new("SCENARIO")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Such as vma/anon-fault; 'stress list' names them all",
    };

    private readonly Option<string> _machine = new("--machine")
    {
        HelpName = "NAME|FILE",
        Description = $"One of {string.Join(", ", MachineLibrary.Names)}, or a machine file",
        DefaultValueFactory = _ => "broadwell-ep-2s",
    };

    private readonly Option<string?> _layouts = new("--layouts")
    {
        HelpName = "A,B,...",
        Description = "Layouts or other variants of the scenario; the others are compared with the first "
            + "[default: the first two]",
    };

    private readonly Option<IReadOnlyList<int>?> _cpus = Options.Create<IReadOnlyList<int>?>(
        "--cpus", "N,M,...", "Numbers of CPUs [default: 1,2,4]", ValueReader.Counts);

    private readonly Option<string> _prefetch = Options.Word(
        "--prefetch", "Whether the adjacent-line prefetcher works", "on", "on", "off");

    private readonly Option<int> _operations = Options.Create(
        "--operations", "N", "Measured operations of each CPU", text => ValueReader.WholeInt(text, 1, 100_000_000), 1_000);

    private readonly Option<int> _iterations = Options.Create(
        "--iterations", "N", "Runs with different placements, whose harmonic mean is told",
        text => ValueReader.WholeInt(text, 1, 1_000), 3);

    private readonly Option<bool> _validate = new("--validate")
    {
        Description = "Print the prediction beside what was measured on the machine itself, where that was published",
    };

    private readonly Option<TimeSpan?> _watchdog = Options.Create<TimeSpan?>(
        "--watchdog", "T",
        "Without a finished operation for so long, in the machine's own time, a run counts as hung [default: 500ms]",
        text => ValueReader.Duration(text));

    private readonly Option<ulong> _seed = Options.Seed();
    private readonly Option<int> _workers = Options.Create(
        "--workers", "N", "Simulations that run side by side", text => ValueReader.WholeInt(text, 1, 256),
        Environment.ProcessorCount);

    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress simulate vma/anon-fault --layouts stock,embedded-line4 --cpus 1,4,7,12,21,30,48,56 --validate\n"
        + "stress simulate vma/anon-fault --machine ice-lake-sp-2s --cpus 1,16,64 --prefetch off --json";

    public Command Create()
    {
        var command = new Command("simulate", "Compares layouts on a simulated machine")
        {
            _scenario, _machine, _layouts, _cpus, _prefetch, _operations, _iterations, _validate, _watchdog, _seed, _workers,
            _out, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        Scenario scenario = catalog.Scenario(parsed.GetValue(_scenario));
        MachineModel machine = MachineCommand.Load(parsed.GetValue(_machine)!);
        Variant[] layouts = Layouts(scenario, parsed.GetValue(_layouts));
        IReadOnlyList<int> cpus = parsed.GetValue(_cpus) ?? [1, 2, 4];
        if (SimulationPlan.WhyTooFewCpus(machine, scenario.Name, layouts, cpus) is { } tooFew)
        {
            throw new UsageException($"--cpus: {tooFew}");
        }

        if (parsed.GetValue(_validate) && !SeedValidation.Knows(scenario, machine, layouts))
        {
            throw new UsageException(
                "--validate: there are published figures for vma/anon-fault on broadwell-ep-2s, layouts stock and "
                + "embedded-line4, only");
        }

        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out)!, CommandTree.Arguments(parsed), parsed.GetValue(_seed),
            planned: 1);
        var plan = new SimulationPlan(
            scenario, machine, layouts, cpus, parsed.GetValue(_prefetch) == "on", parsed.GetValue(_operations),
            parsed.GetValue(_iterations), parsed.GetValue(_seed), parsed.GetValue(_workers),
            parsed.GetValue(_validate), parsed.GetValue(_watchdog) ?? SimulationOptions.DefaultWatchdog,
            Reproduction.Run(string.Join(' ', CommandTree.Arguments(parsed))));
        return SimulateJob.Run(session, plan);
    }

    private static Variant[] Layouts(Scenario scenario, string? names)
    {
        if (names is null)
        {
            return [.. scenario.Variants.Take(2)];
        }

        Variant[] layouts =
        [
            .. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(scenario.Variant).Distinct(),
        ];
        return layouts.Length > 0 ? layouts
            : throw new UsageException(
                $"--layouts names none; {scenario.Name} has "
                + string.Join(", ", scenario.Variants.Select(variant => variant.Name)));
    }
}
