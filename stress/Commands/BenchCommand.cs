using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using Stress.Bench;
using Stress.Calibration;
using Stress.CommandLine;
using Stress.Layouts;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;
using Stress.Simulation;

namespace Stress.Commands;

/// <summary><c>stress bench</c>: times layouts and locks on this host.</summary>
internal sealed class BenchCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private readonly Option<string?> _filter = new("--filter")
    {
        HelpName = "GLOB",
        Description = "Which benchmarks: a pattern of their full names, or a part of one "
            + "[default: all of layouts and locks]",
    };

    private readonly Option<string?> _baseline = new("--baseline")
    {
        HelpName = "RUN",
        Description = "An earlier run to compare with: its folder, or its name under --out",
    };

    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "The fault path and the lock of a VMA, few iterations: about a minute",
    };

    private readonly Option<IReadOnlyList<int>?> _threads = Options.Create<IReadOnlyList<int>?>(
        "--threads", "N,...", "Numbers of threads, each on a CPU of its own [default: 1, powers of two, all CPUs]",
        BenchPlan.ReadThreads);

    private readonly Option<string?> _layouts = new("--layouts")
    {
        HelpName = "A,B,...",
        Description = "Layouts; the first is what the others are compared with [default: all]",
    };

    private readonly Option<int?> _passes = Options.Create<int?>(
        "--passes", "N", "How often everything is measured, in turns [default: 8; quick: 6]",
        text => ValueReader.WholeInt(text, 1, 50));

    private readonly Option<int?> _iterations = Options.Create<int?>(
        "--iterations", "N", "Iterations of a benchmark in a pass [default: 12; quick: 6]",
        text => ValueReader.WholeInt(text, 1, 1000));

    private readonly Option<bool> _simulate = new("--simulate")
    {
        Description = "Predict the times of the fault path by the simulator, and print them beside the measured ones",
    };

    private readonly Option<string?> _machine = new("--machine")
    {
        HelpName = "NAME|FILE",
        Description = "With --simulate: the machine to simulate [default: this host, calibrated now]",
    };

    private readonly Option<bool> _list = new("--list")
    {
        Description = "Name the benchmarks that would be timed, and end",
    };

    private readonly Option<bool> _noBuild = new("--no-build")
    {
        Description = "Use the benchmarks as they were built before",
    };

    private readonly Argument<string[]> _extra = new("ARGUMENTS")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "After --: arguments for BenchmarkDotNet",
    };

    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress bench --quick\n"
        + "stress bench --filter FaultPath --layouts stock,embedded-line4 --threads 1,2\n"
        + "stress bench --quick --baseline results/20261127-085108-057912\n"
        + "stress bench --quick --simulate\n"
        + "stress bench --filter SpinLock -- --disasm";

    public Command Create()
    {
        var command = new Command("bench", "Times layouts and locks on this host, and compares with an earlier run")
        {
            _filter, _baseline, _quick, _threads, _layouts, _passes, _iterations, _simulate, _machine, _list,
            _noBuild, _out, _json, _extra,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        BenchPlan plan = Read(parsed);
        string? baseline = parsed.GetValue(_baseline);
        BenchmarkFile? before = baseline is null ? null : Load(baseline, parsed.GetValue(_out)!);
        MachineModel? machine = parsed.GetValue(_machine) is { } name ? MachineCommand.Load(name) : null;
        BenchProcess process = BenchProcess.Make(build: !parsed.GetValue(_noBuild));
        IReadOnlyList<string> names = process.List(plan.Filters);
        if (names.Count == 0)
        {
            throw new UsageException(
                $"--filter: no benchmark matches '{parsed.GetValue(_filter)}'; 'stress bench --list' names them all");
        }

        if (parsed.GetValue(_simulate))
        {
            Refuse(plan, names, machine);
        }

        if (parsed.GetValue(_list))
        {
            var output = new Output(isJson: false);
            names.ToList().ForEach(output.Line);
            return ExitCode.AsExpected;
        }

        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out)!, CommandTree.Arguments(parsed), seed: 1, names.Count);
        string threads = plan.Threads is [1] ? "1 thread" : $"{string.Join(", ", plan.Threads)} threads";
        session.Output.Line(
            $"bench {Figures.Count(names.Count, "benchmark")}, {threads}: "
            + $"{Figures.Count(plan.Iterations, "iteration")} in each of {plan.Passes} turns");
        BenchmarkFile timed = new BenchJob(process, plan).Time(session);
        BenchJob.Save(session, timed);
        bool hasFailed = false;
        if (parsed.GetValue(_simulate) && !session.Interrupt.IsRequested)
        {
            timed = SimulateOrTell(session, timed, machine ?? Calibrated(session), out hasFailed);
        }

        return Finish(session, timed, before, baseline, hasFailed);
    }

    // What cannot be simulated is told before anything is timed.
    private static void Refuse(BenchPlan plan, IReadOnlyList<string> names, MachineModel? machine)
    {
        if (!names.Any(static name => name.Contains($".{SimulatedFaults.Benchmark}.", StringComparison.Ordinal)))
        {
            throw new UsageException(
                $"--simulate: it predicts the benchmarks of {SimulatedFaults.Benchmark}, and --filter leaves them out");
        }

        if (machine is null)
        {
            HostMachine.Refuse();
        }
        else if (plan.Threads.Max() > machine.Cpus)
        {
            throw new UsageException(
                $"--machine: {machine.Name} has {machine.Cpus} CPUs, and --threads asks for {plan.Threads.Max()}");
        }
    }

    // What was timed is kept, whatever becomes of the simulation.
    private BenchmarkFile SimulateOrTell(
        Session session, BenchmarkFile timed, MachineModel machine, out bool hasFailed)
    {
        hasFailed = false;
        try
        {
            return Simulate(session, timed, machine);
        }
        catch (RunFailedException e)
        {
            hasFailed = true;
            session.Output.Line($"finding    {e.Message}");
        }
        catch (OperationCanceledException)
        {
            session.Output.Line("interrupted: the simulation is left out");
        }

        return timed;
    }

    private BenchmarkFile Simulate(Session session, BenchmarkFile timed, MachineModel machine)
    {
        BenchmarkFile predicted = session.Output.Track(
            "simulate",
            progress => new SimulatedFaults(catalog, machine).Predict(timed, progress, session.Interrupt.Token));
        BenchJob.Save(session, predicted);
        PredictionReport.Write(session.Output, predicted, machine);
        return predicted;
    }

    private MachineModel Calibrated(Session session)
    {
        HostMachine host = session.Output.Track(
            "calibrate", progress => HostMachine.Measure(catalog, MachineCommand.DefaultSamples, progress));
        AtomicFile.WriteAllText(
            Path.Combine(session.Folder.Location, HostMachine.Name + MachineLibrary.Extension), host.Text);
        CalibrationReport.Write(session.Output, host);
        return host.Model();
    }

    private static int Finish(
        Session session, BenchmarkFile timed, BenchmarkFile? before, string? baseline, bool hasFailed)
    {
        IReadOnlyList<SeriesComparison> compared = [];
        (int Compared, IReadOnlyList<CountComparison> Changed) counts = (0, []);
        string? refused = null;
        if (before is not null)
        {
            try
            {
                compared = BenchmarkComparison.Of(timed, before);
                counts = CountComparison.Of(timed, before);
            }
            catch (BenchmarkFileException e)
            {
                refused = e.Message;
            }
        }

        foreach (RunItem item in BenchJob.Items(session, timed, compared))
        {
            session.Recorder.Add(item);
        }

        BenchReport.WriteTimes(session.Output, timed);
        if (before is not null && refused is null)
        {
            BenchReport.WriteComparison(session.Output, baseline!, compared, counts);
        }

        session.Output.Line();
        session.Output.Line($"run        {session.Folder.Location}");
        bool isRegression = compared.Any(static one => one.Verdict == SeriesVerdict.Regression)
            || counts.Changed.Any(static count => count.IsRegression);
        int ended = session.Finish(
            session.Interrupt.IsRequested ? ExitCode.Interrupted
            : refused is not null ? ExitCode.Usage
            : isRegression || hasFailed ? ExitCode.Violation
            : ExitCode.AsExpected);
        return refused is null ? ended : throw new UsageException($"--baseline: {refused}");
    }

    private BenchPlan Read(ParseResult parsed)
    {
        string[] extra = parsed.GetValue(_extra) ?? [];
        if (extra.Length > 0 && !parsed.Tokens.Any(static token => token.Type == TokenType.DoubleDash))
        {
            throw new UsageException(
                $"bench: '{extra[0]}' is one argument too many; what is meant for BenchmarkDotNet goes behind --");
        }

        if (parsed.GetValue(_machine) is not null && !parsed.GetValue(_simulate))
        {
            throw new UsageException("--machine: says what to simulate; add --simulate");
        }

        BenchPlan plan = parsed.GetValue(_quick) ? BenchPlan.Quick : BenchPlan.Full;
        return plan with
        {
            Filters = parsed.GetValue(_filter) is { } filter ? [BenchPlan.Pattern(filter)]
                : parsed.GetValue(_list) ? ["*"]
                : plan.Filters,
            Threads = parsed.GetValue(_threads) ?? plan.Threads,
            Layouts = parsed.GetValue(_layouts) is { } layouts ? Names(layouts) : [.. catalog.Layouts().Select(static layout => layout.Name)],
            Passes = parsed.GetValue(_passes) ?? plan.Passes,
            Iterations = parsed.GetValue(_iterations) ?? plan.Iterations,
            Extra = extra,
        };
    }

    private IReadOnlyList<string> Names(string layouts)
        =>
        [
            .. catalog.Layouts().Chosen(layouts.Split(',', StringSplitOptions.TrimEntries))
                .Select(static layout => layout.Name).Distinct(StringComparer.Ordinal),
        ];

    private static BenchmarkFile Load(string run, string parent)
    {
        string under = Path.Combine(parent, run);
        try
        {
            return BenchmarkFile.Load(!Path.Exists(run) && Directory.Exists(under) ? under : run);
        }
        catch (BenchmarkFileException e)
        {
            throw new UsageException($"--baseline: {e.Message}");
        }
    }
}
