using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Stress.Machine.Native;

/// <summary>Says of a run that makes no progress what each task is doing, and who holds what it waits for.</summary>
internal static class HangReport
{
    /// <summary>One line a task.</summary>
    public static string Of(NativeMachine machine, IEnumerable<HammerThread> threads)
        => string.Join('\n', threads.Select(thread => Line(machine, thread)));

    private static string Line(NativeMachine machine, HammerThread thread)
    {
        NativeTask task = thread.Task;
        string operation = task.Operation;
        string line = $"{task.Name} (task {task.Number}, cpu {task.Cpu}) "
            + (operation.Length == 0 ? "" : $"in {operation} ")
            + State(machine, thread);
        string held = task is ObservedTask observed ? Held(machine, observed) : "";
        return held.Length == 0 ? line : $"{line}; holds {held}";
    }

    private static string State(NativeMachine machine, HammerThread thread)
    {
        NativeTask task = thread.Task;

        // What the task waits for comes first: task 0 also prepares and checks, before and after its thread.
        string how = task switch
        {
            { IsParked: true } => $"sleeps {Since(task.WaitingSince)}",
            { WaitingAt: not 0 } => $"spins {Since(task.WaitingSince)} on {machine.Describe(task.WaitingAt)}",
            _ when thread.HasEnded => "has ended",
            _ when thread.IsPaused => "waits at the checkpoint",
            _ => "runs",
        };
        return task is ObservedTask { Locks.Wanted: { } wanted }
            ? $"waits {Since(wanted.Since)} for {Wanted(machine, wanted)}, and {how}"
            : how;
    }

    /// <summary>What a task waits for, by name; empty when it does not. The task may be running.</summary>
    public static string Waits(NativeMachine machine, ObservedTask task)
        => task.Locks.Wanted is { Class: not null } wanted ? Wanted(machine, wanted)
            : task.IsParked ? "a waker"
            : task.WaitingAt is not 0 and nint at ? machine.Describe(at)
            : "";

    private static string Wanted(NativeMachine machine, WantedLock wanted)
        => $"{wanted.Class.Name} ({machine.Describe(wanted.At)}), held by {Holders(machine, wanted.At)}";

    private static string Holders(NativeMachine machine, nint at)
    {
        string holders = string.Join(
            " and ",
            machine.Tasks.OfType<ObservedTask>()
                .Where(task => task.Locks.Held.Any(held => held.At == at))
                .Select(static task => task.Name));
        return holders.Length == 0 ? "nobody" : holders;
    }

    /// <summary>The locks that a task holds, by name. The task may be running.</summary>
    public static string Held(NativeMachine machine, ObservedTask task)
        => string.Join(
            ", ",
            task.Locks.Held.Where(held => held.Class is not null)
                .Select(held => $"{held.Class!.Name} ({machine.Describe(held.At)}"
                + (held.Mode == LockMode.Shared ? ", shared)" : ")")));

    private static string Since(long startNs)
        => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, NativeTask.Now - startNs) / 1e9:F1} s");
}
