using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>An access to an object of a slab cache.</summary>
/// <param name="Task">Who made it.</param>
/// <param name="Cache">What the object is.</param>
/// <param name="Number">Which one, in the order of allocation.</param>
/// <param name="Offset">Where in the object, in bytes.</param>
/// <param name="IsWrite">Whether it may write: a failed exchange counts, as it wants the cache line too.</param>
public readonly record struct RecordedAccess(int Task, SlabCache Cache, int Number, int Offset, bool IsWrite);

/// <summary>Runs a scenario once and notes what its tasks touch.</summary>
public static class AccessRecording
{
    /// <summary>Runs one schedule, with locks by their real algorithm.</summary>
    /// <param name="seed">Seed of the schedule.</param>
    /// <returns>The accesses of the tasks to slab objects, in order, until all tasks have ended; the root block and the
    /// areas of the CPUs are left out.</returns>
    /// <exception cref="RunFailedException">The run failed, so it shows nothing.</exception>
    public static IReadOnlyList<RecordedAccess> Of<TScenario>(ulong seed)
        where TScenario : struct, IScenario<TScenario>
    {
        var settings = new MachineSettings(LockAlgorithm.Real, AllocationFailures: 0) { DataRaces = false };
        using var machine = new ExploredMachine(new ExploredProgram<TScenario>(), settings);
        var recorder = new Recorder(machine, keepsEvents: true);
        var strategy = new RandomStrategy();
        strategy.Begin(new Xoshiro256(seed));
        machine.Run(strategy, recorder);
        if (machine.Finding is { } finding)
        {
            throw new RunFailedException(finding.Kind, finding.Text);
        }

        List<RecordedAccess> accesses = [];
        foreach (TraceEvent told in recorder.Events)
        {
            if (told.Op == AccessOp.RunsAlone)
            {
                break;
            }

            if (!told.IsWait && WritesOf(told.Op) is { } isWrite && machine.Arena.Find(told.At) is { } touched)
            {
                accesses.Add(new RecordedAccess(
                    told.Task, touched.Cache, touched.Number, (int)(told.At - touched.Address), isWrite));
            }
        }

        return accesses;
    }

    // Null for what is no access. The access that gives a lock up is told as that.
    private static bool? WritesOf(AccessOp op) => op switch
    {
        AccessOp.Read or AccessOp.ReadOnce or AccessOp.LoadAcquire or AccessOp.Dereference => false,
        AccessOp.LockReleased => true,
        >= AccessOp.Write and <= AccessOp.CompareExchangeRelease => true,
        AccessOp.AddWhenClear => true,
        _ => null,
    };
}
