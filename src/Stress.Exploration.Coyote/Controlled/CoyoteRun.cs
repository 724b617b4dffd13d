using System;
using System.Threading;
using Microsoft.Coyote.Runtime;
using Stress.Machine;
using ControlledTask = Microsoft.Coyote.Rewriting.Types.Threading.Tasks.Task;
using Task = System.Threading.Tasks.Task;

namespace Stress.Exploration.Coyote;

/// <summary>Runs a scenario once as a program that Coyote controls: its methods as they are written.</summary>
internal abstract class CoyoteRun(ExploredMachine machine)
{
    private CoyoteTask[] _tasks = [];

    /// <summary>Whether it came to its end, well or with a finding; otherwise Coyote ended it.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The program: what Coyote calls once for each schedule.</summary>
    public void Run(ICoyoteRuntime runtime, Recorder? recorder)
    {
        HasEnded = false;
        machine.BeginDriven(new CoyoteChoices(runtime), recorder);
        if (machine.Finding is null)
        {
            Task[] running = Start(runtime);
            ControlledTask.WaitAll(running);
        }

        machine.EndDriven();
        Report(runtime);
        HasEnded = true;
    }

    /// <summary>Lets go of the threads of the run.</summary>
    public void Close() => Array.ForEach(_tasks, task => task.IsOver = true);

    protected abstract void Act(CoyoteTask task, int number);

    // All tasks are there before any of them runs, as on the other machines.
    private Task[] Start(ICoyoteRuntime runtime)
    {
        int count = machine.Plan.Tasks.Count;
        _tasks = new CoyoteTask[count];
        var running = new Task[count];
        SchedulingPoint.Suppress();
        for (int i = 0; i < count; i++)
        {
            int number = i;
            _tasks[i] = new CoyoteTask(machine, number);
            running[i] = ControlledTask.Run(() => Play(runtime, number));
        }

        SchedulingPoint.Resume();
        return running;
    }

    private void Play(ICoyoteRuntime runtime, int number)
    {
        CoyoteTask task = _tasks[number];
        try
        {
            task.AwaitTurn();
            Act(task, number);
            machine.Ends();
        }
        catch (RunFailedException failure)
        {
            machine.Fail(failure.Kind, failure.Message);
        }
        catch (Exception exception) when (exception is not (ThreadInterruptedException or OutOfMemoryException))
        {
            machine.Fail(FindingKind.ModelError, $"{exception.GetType().Name}: {exception.Message}");
        }

        Report(runtime);
    }

    // Ends the run for all tasks, and makes Coyote keep its trace.
    private void Report(ICoyoteRuntime runtime)
    {
        if (machine.Finding is { } finding)
        {
            HasEnded = true;
            runtime.Assert(false, "{0}", finding.Text);
        }
    }
}

/// <inheritdoc cref="CoyoteRun"/>
internal sealed class CoyoteRun<TScenario>(ExploredMachine machine) : CoyoteRun(machine)
    where TScenario : struct, IScenario<TScenario>
{
    private readonly TScenario _scenario = TScenario.At(machine.Arena.Root);

    protected override void Act(CoyoteTask task, int number) => _scenario.Act(new CoyoteCpu(task), number);
}
