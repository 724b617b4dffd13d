using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Machine;

/// <summary>One task of a scenario.</summary>
/// <param name="Name">What it plays, such as <c>faulter</c>; unique in its scenario.</param>
/// <param name="Cpu">The CPU that it runs on; tasks may share one.</param>
/// <param name="IsWorker">Whether it serves the others (a kernel thread): it ends when they have ended.</param>
/// <param name="IsInterrupt">Whether it is an interrupt handler: explored, it may come whenever its CPU has interrupts
/// on, and then keeps the other tasks of the CPU from going on until it has ended.</param>
/// <param name="Priority">0 for a normal task, more for a real-time one (<c>SCHED_FIFO</c>): explored, no task of a lower
/// priority goes on on its CPU unless it waits or has ended. Native: ignored.</param>
public sealed record TaskSpec(
    string Name, int Cpu, bool IsWorker = false, bool IsInterrupt = false, int Priority = 0);

/// <summary>The tasks and sizes of a scenario.</summary>
public sealed record ScenarioPlan
{
    /// <summary>The tasks of one exploration; the roles of a hammer run. At most 16.</summary>
    public required IReadOnlyList<TaskSpec> Tasks { get; init; }

    /// <summary>Size of the root block, in bytes.</summary>
    public required int RootBytes { get; init; }

    /// <summary>Size of the large objects that <see cref="IScenario{TSelf}.Work"/> allocates, in bytes: a simulated
    /// machine has so much memory more than for the rest.</summary>
    public int LargeBytes { get; init; }

    /// <summary>Whether another task may be chosen before a plain access too. Turn it off only where every plain
    /// access is made under a lock that the scenario's verdict does not put in question: it is then a gain in speed
    /// and no loss.</summary>
    public bool PlainAccessesArePoints { get; init; } = true;

    /// <summary>How many allocations may fail in one explored run.</summary>
    public int AllocationFailures { get; init; }

    /// <summary>Scheduling points after which an explored run counts as one without end.</summary>
    public int MaxPoints { get; init; } = 20_000;

    /// <summary>Whether exploration takes locks by their real algorithm unless it is told otherwise.</summary>
    public bool ExploresRealLocks { get; init; }

    /// <summary>What the outcomes of an explored run mean; null where the scenario grades none.</summary>
    public OutcomeTable? Outcomes { get; init; }

    /// <summary>Data races that are the kernel's own, each with its reason.</summary>
    public IReadOnlyList<KnownRace> KnownRaces { get; init; } = [];

    /// <summary>Operations that only make room for the next ones: simulated, their accesses cost nothing.</summary>
    public IReadOnlyList<string> UnmeasuredOperations { get; init; } = [];

    /// <summary>What the operations of <see cref="IScenario{TSelf}.Work"/> are called where a rate is told.</summary>
    public string Operations { get; init; } = "ops";

    /// <summary>Numbers of the tasks that are no workers: as roles, they are played in turn by as many as there are.
    /// </summary>
    public IReadOnlyList<int> Players => NumbersOf(isWorker: false);

    /// <summary>Numbers of the tasks that are workers: as roles, each is played once, besides the others.</summary>
    public IReadOnlyList<int> Workers => NumbersOf(isWorker: true);

    /// <summary>CPUs that the tasks use.</summary>
    public int Cpus => Tasks.Max(task => task.Cpu) + 1;

    /// <summary>Whether a task has a real-time priority: no search is exhaustive then.</summary>
    public bool HasPriorities => Tasks.Any(task => task.Priority > 0);

    /// <summary>Tasks on CPUs of their own, in the order of their names.</summary>
    public static IReadOnlyList<TaskSpec> OwnCpus(params ReadOnlySpan<string> names)
    {
        var tasks = new TaskSpec[names.Length];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = new TaskSpec(names[i], i);
        }

        return tasks;
    }

    private IReadOnlyList<int> NumbersOf(bool isWorker)
        => [.. Enumerable.Range(0, Tasks.Count).Where(number => Tasks[number].IsWorker == isWorker)];
}
