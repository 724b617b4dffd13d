using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Turns a failed run into a finding: repeats it, records it and tells it.</summary>
internal static class FindingMaker
{
    public static Finding Make<TScenario>(
        Scenario scenario, Variant variant, MachineSettings settings, ulong seed, FailedRun failed, int repetitions,
        bool shrinks)
        where TScenario : struct, IScenario<TScenario>
    {
        // A race beside another finding is of no interest any more.
        settings = settings with { DataRaces = failed.Finding.Kind == FindingKind.DataRace };
        using var machine = new ExploredMachine(new ExploredProgram<TScenario>(), settings);
        ShrunkRun? shrunk = shrinks
            ? FindingShrinker.Shrink(machine, scenario, variant, settings, failed.Decisions) : null;
        if (shrunk is not null)
        {
            failed = failed with { Finding = shrunk.Finding, Decisions = shrunk.Decisions };
        }

        (RunFinding? found, string hash, Story? story) = Repeat(machine, failed.Decisions, tells: true, shrunk?.Pair);
        RaceReport? race = machine.Race;
        int reproduced = 0;
        for (int i = 0; i < repetitions; i++)
        {
            (RunFinding? again, string hashAgain, _) = Repeat(machine, failed.Decisions, tells: false);
            reproduced += again == failed.Finding && found == failed.Finding && hashAgain == hash ? 1 : 0;
        }

        ScenarioPlan plan = TScenario.Plan;
        return new Finding
        {
            Kind = failed.Finding.Kind,
            Text = failed.Finding.Text,
            Task = failed.Finding.Task,
            TaskName = plan.Tasks[failed.Finding.Task].Name,
            Operation = failed.Finding.Operation,
            ScheduleIndex = failed.Schedule,
            Strategy = failed.Strategy,
            Inversion = machine.Inversion,
            Shrunk = shrunk?.Figures,
            DecidingPair = shrunk?.Pair,
            Reproduced = reproduced,
            ReproducedOf = repetitions,
            Story = story!.ToText(),
            Telling = story,
            Race = race,
            Trace = new Trace
            {
                Format = Trace.FormatName,
                FormatVersion = Trace.CurrentFormatVersion,
                Scenario = scenario.Name,
                ScenarioVersion = scenario.Version,
                Variant = variant.Name,
                Engine = BuiltinEngine.EngineName,
                Memory = settings.Memory.Name(),
                Locks = machine.HasAtomicLocks ? LockAlgorithm.Atomic : LockAlgorithm.Real,
                AllocationFailures = settings.AllocationFailures ?? plan.AllocationFailures,
                DataRaces = settings.DataRaces,
                Tasks = [.. plan.Tasks.Select(task => task.Name)],
                Seed = seed,
                Schedule = failed.Schedule,
                Strategy = failed.Strategy,
                Kind = failed.Finding.Kind,
                Text = failed.Finding.Text,
                LockOrder = failed.KnownLockOrder,
                Decisions = failed.Decisions,
                OperationLimits = shrunk is null ? settings.OperationLimits : shrunk.Limits,
                DecidingPair = shrunk?.Pair,
                Hash = hash,
            }.Sealed(),
        };
    }

    /// <summary>Throws when a trace is not one of this scenario, variant, version and engine.</summary>
    public static void Refuse(Scenario scenario, Variant variant, Trace trace, ScenarioPlan plan, string engine)
    {
        if (trace.Scenario != scenario.Name || trace.Variant != variant.Name)
        {
            throw new TraceException($"the trace was recorded on {trace.Scenario}, variant {trace.Variant}, not on "
                + $"{scenario.Name}, variant {variant.Name}");
        }

        if (trace.ScenarioVersion != scenario.Version || !trace.Tasks.SequenceEqual(plan.Tasks.Select(task => task.Name)))
        {
            throw new TraceException($"the trace was recorded on version {trace.ScenarioVersion} of {scenario.Name}, "
                + $"which is now version {scenario.Version}; explore again with seed {trace.Seed}");
        }

        if (trace.OperationLimits is { } limits && (limits.Count != plan.Tasks.Count
            || limits.Any(limit => limit < MachineSettings.NoLimit) || limits.All(limit => limit == 0)))
        {
            throw new TraceException($"the trace's operation limits [{string.Join(", ", limits)}] do not fit its "
                + $"{plan.Tasks.Count} tasks; record it again");
        }

        if (trace.Engine != engine || trace.Memory is not ("sc" or "weak") || trace.Locks == LockAlgorithm.Default)
        {
            throw new TraceException($"the trace was recorded by engine '{trace.Engine}' with memory model "
                + $"'{trace.Memory}', which this replay does not have");
        }
    }

    /// <summary>What the machine of a trace was made with.</summary>
    public static MachineSettings SettingsOf(Trace trace)
        => new(trace.Locks, trace.AllocationFailures)
        {
            Memory = trace.Memory == "weak" ? MemoryModel.Weak : MemoryModel.Sc,
            KnownLockOrder = trace.LockOrder,
            OperationLimits = trace.OperationLimits,
            DataRaces = trace.DataRaces,
        };

    public static ReplayResult Replay<TScenario>(Trace trace, int times)
        where TScenario : struct, IScenario<TScenario>
    {
        using var machine = new ExploredMachine(new ExploredProgram<TScenario>(), SettingsOf(trace));
        int matched = 0;
        string? divergence = null;
        Finding? finding = null;
        for (int i = 0; i < times; i++)
        {
            if (Differs(machine, trace, out RunFinding? found, out Recorder recorder) is { } difference)
            {
                divergence ??= difference;
                continue;
            }

            matched++;
            if (finding is not null)
            {
                continue;
            }

            Story story = Tell(machine, recorder, trace.DecidingPair);
            finding = new Finding
            {
                Kind = found!.Kind,
                Text = found.Text,
                Task = found.Task,
                TaskName = machine.TaskName(found.Task),
                Operation = found.Operation,
                ScheduleIndex = trace.Schedule,
                Strategy = trace.Strategy,
                Inversion = machine.Inversion,
                Trace = trace,
                DecidingPair = trace.DecidingPair,
                Reproduced = 0,
                ReproducedOf = times,
                Story = story.ToText(),
                Telling = story,
                Race = machine.Race,
            };
        }

        return new ReplayResult(
            times, matched, divergence, finding is null ? null : finding with { Reproduced = matched });
    }

    private static string? Differs(
        ExploredMachine machine, Trace trace, out RunFinding? found, out Recorder recorder)
    {
        var strategy = new ReplayStrategy(trace.Decisions);
        recorder = new Recorder(machine, keepsEvents: true);
        machine.Run(strategy, recorder);
        found = machine.Finding;
        if (strategy.Divergence is { } divergence)
        {
            return divergence;
        }

        if (found is null)
        {
            return "the run ended without a finding";
        }

        if (found.Kind != trace.Kind || found.Text != trace.Text)
        {
            return $"it came to {found.Kind.Name()}: {found.Text}";
        }

        return !strategy.IsExhausted ? "it ended before the recording"
            : recorder.Hash != trace.Hash ? $"its hash is {recorder.Hash}, and {trace.Hash} was recorded" : null;
    }

    private static (RunFinding? Finding, string Hash, Story? Story) Repeat(
        ExploredMachine machine, IReadOnlyList<int> decisions, bool tells,
        DecidingPair? pair = null)
    {
        var recorder = new Recorder(machine, tells);
        machine.Run(new ReplayStrategy(decisions), recorder);
        return (machine.Finding, recorder.Hash, tells ? Tell(machine, recorder, pair) : null);
    }

    private static Story Tell(ExploredMachine machine, Recorder recorder, DecidingPair? pair)
        => new StoryWriter(machine.Plan, recorder.Events, pair, machine.Race?.Marks()).Tell();
}
