using System;
using System.Collections.Generic;
using System.CommandLine;
using Stress.CommandLine;
using Stress.Exploration;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;

namespace Stress.Commands;

/// <summary><c>stress explore</c>: searches the interleavings of a scenario for a violation.</summary>
internal sealed class ExploreCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private static readonly ExploreOptions s_defaults = new();

    private readonly Argument<string?> _scenario = new("SCENARIO")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Such as hugetlb/region-add; 'stress list' names them all",
    };

    private readonly Option<string?> _variant = Options.Variant("The version of the algorithm [default: the first]");

    private readonly Option<string> _strategy = Options.Word(
        "--strategy", "How schedules are chosen", s_defaults.Strategy, Engines.Strategies);

    private readonly Option<int> _pctDepth = Options.Create(
        "--pct-depth", "D", "Ordering constraints that a bug may have, for pct, 1 to 16",
        text => ValueReader.WholeInt(text, 1, 16),
        s_defaults.PctDepth);

    private readonly Option<int?> _preemptions = Options.Create<int?>(
        "--preemptions", "K", "Exhaustive: only schedules with at most so many preemptions, 0 to 16",
        text => ValueReader.WholeInt(text, 0, 16));

    private readonly Option<long?> _schedules = Options.Create<long?>(
        "--schedules", "N",
        $"Schedules at most [default: {s_defaults.Schedules}, or no limit with --duration or exhaustive]",
        text => ValueReader.Whole(text, 1, 1_000_000_000_000));

    private readonly Option<TimeSpan?> _duration = Options.Create<TimeSpan?>(
        "--duration", "T", "Time at most, such as 30s, 2m or 1h", text => ValueReader.Duration(text));

    private readonly Option<ulong> _seed = Options.Seed();

    private readonly Option<int> _workers = Options.Workers(Environment.ProcessorCount);

    private readonly Option<string> _locks = Options.Word(
        "--locks", "Take locks in one step or by their real algorithm", "default", "default", "atomic", "real");

    private readonly Option<int?> _allocFailures = Options.Create<int?>(
        "--alloc-failures", "N", "Allocations that may fail in one schedule [default: as the scenario says]",
        text => ValueReader.WholeInt(text, 0, 1000));

    private readonly Option<string> _races = Options.Word("--races", "Look for data races", "on", "on", "off");
    private readonly Option<string> _lockOrder = Options.LockOrder();
    private readonly Option<string> _memory = Options.Word(
        "--memory", "What a read may see: the last write, or any that nothing orders before it", "sc", "sc", "weak");

    private readonly Option<string> _engine = Options.Word(
        "--engine", "Who schedules: this tool, or Microsoft.Coyote", BuiltinEngine.EngineName, Engines.Names);

    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _noShrink = new("--no-shrink")
    {
        Description = "Report a finding as it was found, without making it smaller",
    };

    private readonly Option<bool> _rerun = new("--rerun")
    {
        Description = "Run a schedule again that was run before, though it comes to the same",
    };

    private readonly Option<bool> _verbose = Options.Verbose();
    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress explore hugetlb/region-add --variant v7\n"
        + "stress explore hugetlb/region-add --variant upstream --schedules 200000 --seed 7\n"
        + "stress explore hugetlb/region-add --strategy pct --pct-depth 4 --duration 30s --json\n"
        + "stress explore hugetlb/region-add --variant upstream --strategy exhaustive\n"
        + "stress explore litmus/sb --variant relaxed --strategy exhaustive --memory weak";

    public Command Create()
    {
        var command = new Command("explore", "Searches the interleavings of a scenario until it finds a violation")
        {
            _scenario, _variant, _strategy, _pctDepth, _preemptions, _schedules, _duration, _seed, _workers, _locks,
            _allocFailures, _races, _lockOrder, _rerun, _noShrink, _memory, _engine, _out, _verbose, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        Scenario scenario = catalog.Scenario(parsed.GetValue(_scenario));
        Variant variant = scenario.Variant(parsed.GetValue(_variant));
        ExploreOptions options = Read(parsed);
        IExplorationEngine engine = Engines.Named(parsed.GetValue(_engine)!);
        engine.Require(options);
        if (options.Strategy == ExploreOptions.Exhaustive && variant.Plan.HasPriorities)
        {
            throw new UsageException(
                $"{scenario.Name} has tasks of real-time priority, which an exhaustive search does not know; "
                + "use --strategy portfolio");
        }

        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out)!, CommandTree.Arguments(parsed), options.Seed, planned: 1);

        session.Output.Line(
            $"explore {scenario.Name}, variant {variant.Name}: seed {options.Seed}, strategy {options.Strategy}, "
            + (options.Memory == MemoryModel.Weak ? "weak memory, " : "")
            + $"{Limit(options)}, {Who(engine, options)}; expected: "
            + variant.ExpectedIn(options.Memory == MemoryModel.Weak));
        var job = new ExploreJob(scenario, variant, options, engine);
        RunItem item = session.Output.Track($"explore {scenario.Name} {variant.Name}", p => job.Run(session, p));
        session.Recorder.Add(item);
        ExploreReport.Write(
            session.Output, item, job.Finding, session.Folder.Location, parsed.GetValue(_verbose));
        return session.Finish(item.Verdict switch
        {
            Verdicts.Violation => ExitCode.Violation,
            Verdicts.Interrupted => ExitCode.Interrupted,
            _ => ExitCode.AsExpected,
        });
    }

    private ExploreOptions Read(ParseResult parsed)
    {
        TimeSpan? duration = parsed.GetValue(_duration);
        bool isExhaustive = parsed.GetValue(_strategy) == ExploreOptions.Exhaustive;
        if (parsed.GetValue(_preemptions) is not null && !isExhaustive)
        {
            throw new UsageException("--preemptions bounds an exhaustive search; add --strategy exhaustive");
        }

        bool hasOwnEnd = duration is not null || isExhaustive;
        long byDefault = hasOwnEnd ? long.MaxValue : s_defaults.Schedules;
        return new ExploreOptions
        {
            Seed = parsed.GetValue(_seed),
            Schedules = parsed.GetValue(_schedules) ?? byDefault,
            Duration = duration,
            Strategy = parsed.GetValue(_strategy)!,
            Preemptions = parsed.GetValue(_preemptions),
            Memory = Enum.Parse<MemoryModel>(parsed.GetValue(_memory)!, ignoreCase: true),
            PctDepth = parsed.GetValue(_pctDepth),
            Locks = Enum.Parse<LockAlgorithm>(parsed.GetValue(_locks)!, ignoreCase: true),
            DataRaces = parsed.GetValue(_races) == "on",
            Workers = parsed.GetValue(_workers),
            LockOrder = parsed.GetValue(_lockOrder) == "on",
            AllocationFailures = parsed.GetValue(_allocFailures),
            Reruns = parsed.GetValue(_rerun),
            Shrink = !parsed.GetValue(_noShrink),
        };
    }

    private static string Who(IExplorationEngine engine, ExploreOptions options)
        => engine == BuiltinEngine.Instance ? Figures.Count(options.Workers, "worker") : $"engine {engine.Name}";

    private static string Limit(ExploreOptions options) => (options.Duration, options.Schedules) switch
    {
        ({ } duration, long.MaxValue) => $"for {Figures.Time(duration)}",
        ({ } duration, long schedules) => $"at most {Figures.Count(schedules, "schedule")} or {Figures.Time(duration)}",
        (null, long.MaxValue) => options.Preemptions is { } bound
            ? $"to the end, at most {Figures.Count(bound, "preemption")}" : "to the end",
        (null, long schedules) => $"at most {Figures.Count(schedules, "schedule")}",
    };
}
