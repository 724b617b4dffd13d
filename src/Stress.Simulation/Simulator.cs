using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Stress.Machine;

namespace Stress.Simulation;

/// <summary>Runs scenarios on simulated machines.</summary>
public static class Simulator
{
    /// <summary>Runs a scenario on a machine: its <see cref="IScenario{TSelf}.Work"/> on every CPU, again and again.
    /// The CPUs play the roles in turn; each worker has one more CPU.</summary>
    /// <exception cref="ArgumentException">The machine has fewer CPUs than are asked for, or the scenario has workers
    /// only.</exception>
    /// <exception cref="RunFailedException">The model failed, its tasks wait for each other, or none of them ended an
    /// operation for the time of the watchdog.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SimulationResult Run<TScenario>(
        MachineModel machine, SimulationOptions options, CancellationToken cancel = default)
        where TScenario : struct, IScenario<TScenario>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Cpus, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Operations, 1);
        ScenarioPlan plan = TScenario.Plan;
        if (plan.Players.Count == 0)
        {
            throw new ArgumentException("The scenario has no task that is not a worker.");
        }

        if (options.Cpus + plan.Workers.Count > machine.Cpus)
        {
            throw new ArgumentException(
                $"{machine.Name} has {machine.Cpus} CPUs; {options.Cpus} are asked for"
                + (plan.Workers.Count > 0 ? $", and {plan.Workers.Count} more for workers" : ""), nameof(options));
        }

        using var simulated = new SimulatedMachine(new SimulatedProgram<TScenario>(), machine, options, cancel);
        try
        {
            simulated.Run();
        }
        catch (Exception e) when (e is not (RunFailedException or OperationCanceledException or OutOfMemoryException))
        {
            throw FailureIn(e);
        }

        return ResultOf(simulated, options);
    }

    // A twin that was called by another one hands on what it threw as the cause of another exception.
    private static RunFailedException FailureIn(Exception thrown) => thrown switch
    {
        RunFailedException failed => new RunFailedException(failed.Kind, failed.Message),
        { InnerException: { } cause } => FailureIn(cause),
        _ => new RunFailedException(FindingKind.ModelError, $"{thrown.GetType().Name}: {thrown.Message}"),
    };

    private static SimulationResult ResultOf(SimulatedMachine machine, SimulationOptions options)
    {
        SimulatedTask[] tasks = [.. machine.Players];
        return new SimulationResult
        {
            Cpus = options.Cpus,
            Operations = (long)options.Cpus * options.Operations,
            Elapsed = tasks.Max(task => task.MeasuredTo) - tasks.Min(task => task.MeasuredFrom),
            Busy = tasks.Sum(task => task.MeasuredTo - task.MeasuredFrom - task.SleepTime),
            System = tasks.Sum(task => task.SystemTime),
            Asleep = tasks.Sum(task => task.SleepTime),
            Lines = LineReport.Of(machine),
            Locks = LockReport.Of(machine),
        };
    }
}

/// <summary>What a simulation came to. Times are in picoseconds of the simulated machine.</summary>
public sealed record SimulationResult
{
    /// <summary>CPUs that ran.</summary>
    public required int Cpus { get; init; }

    /// <summary>Operations that were measured, of all CPUs.</summary>
    public required long Operations { get; init; }

    /// <summary>From the first measured operation to the end of the last one.</summary>
    public required long Elapsed { get; init; }

    /// <summary>Time on the CPU, of all tasks.</summary>
    public required long Busy { get; init; }

    /// <summary>The part of it in the kernel.</summary>
    public required long System { get; init; }

    /// <summary>Time that tasks slept.</summary>
    public required long Asleep { get; init; }

    /// <summary>Lines that were fought for, the worst first.</summary>
    public required IReadOnlyList<LineReport> Lines { get; init; }

    /// <summary>Locks, the most contended first.</summary>
    public required IReadOnlyList<LockReport> Locks { get; init; }

    /// <summary>Operations a second of elapsed time.</summary>
    public double PerSecond => Operations * 1e12 / Elapsed;

    /// <summary>Operations a second of CPU time.</summary>
    public double PerCpuSecond => Operations * 1e12 / Busy;
}
