using System;

namespace Stress.Machine.Native;

/// <summary>Runs a scenario on real threads: each repeats its operation until the time is over.</summary>
/// <remarks>
/// The roles of the plan are played in turn: thread i plays role i modulo their number; each worker role gets one
/// thread more. Every thread has a CPU of its own, except that tasks that share one in the plan share one here: then
/// with the tasks of the same round. At checkpoints, and at the end, all threads stop between two operations and the
/// scenario's check runs. The interleaving is the host's: a seed repeats the choices, not the run.
/// </remarks>
public static class Hammer
{
    /// <summary>Runs a scenario; returns when all its threads have ended or have been given up.</summary>
    /// <remarks>Never hangs, see <see cref="HammerOptions.Watchdog"/>; what the model throws is a finding.</remarks>
    /// <exception cref="ArgumentException">The options or the scenario's plan make no sense.</exception>
    public static HammerResult Run<TScenario>(HammerOptions options)
        where TScenario : struct, IScenario<TScenario>
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        ScenarioPlan plan = TScenario.Plan;
        var cast = new HammerCast(plan, options.Threads);
        var machineOptions = new NativeMachineOptions
        {
            Tasks = cast.Tasks,
            RootBytes = plan.RootBytes,
            ArenaBytes = options.ArenaBytes,
            QuarantineObjects = options.QuarantineObjects,
            Seed = options.Seed,
            FailAlloc = options.FailAlloc,
            Perturb = options.Perturb,
            LockOrder = options.LockOrder && options.Observe,
        };
        try
        {
            return options.Observe
                ? new HammerRun<TScenario, ObservedCpu>(options, cast, NativeMachine.Observed(machineOptions)).Run()
                : new HammerRun<TScenario, NativeCpu>(options, cast, new NativeMachine(machineOptions)).Run();
        }
        finally
        {
            options.Progress?.TryComplete();
        }
    }

    private static void Validate(HammerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Watchdog, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CheckpointEvery, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(options.QuarantineObjects);
        ThrowIfNoProbability(options.Perturb, nameof(options.Perturb));
        ThrowIfNoProbability(options.FailAlloc, nameof(options.FailAlloc));
    }

    private static void ThrowIfNoProbability(double value, string name)
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "A probability is a number from 0 to 1.");
        }
    }
}
