using System;
using Stress.Machine;

namespace Stress.Simulation;

// What a task is told to do besides accesses: operations, locks, sleep.
internal sealed unsafe partial class SimulatedMachine
{
    /// <summary>What was counted once the tasks were warm.</summary>
    public Counters Statistics { get; }

    internal void Enter(string operation)
    {
        if (_isAlone)
        {
            return;
        }

        SimulatedTask task = _current;
        int number = _operations.NumberOf(operation);
        ref readonly Operation entered = ref _operations[number];
        if (task.Depth == 0)
        {
            task.SystemSince = task.Agent.Clock;
        }

        task.Enter(number);
        if (entered.IsUnmeasured)
        {
            task.Unmeasured++;
            Limit(_limit);
        }

        Spend(entered.Work);
    }

    internal void Leave()
    {
        if (_isAlone)
        {
            return;
        }

        SimulatedTask task = _current;
        if (_operations[task.Operation].IsUnmeasured)
        {
            task.Unmeasured--;
            Limit(_limit);
        }

        task.Leave();
        if (task.Depth == 0)
        {
            task.SystemTime += task.Agent.Clock - task.SystemSince - task.SleptInside;
            task.SleptInside = 0;
        }
    }

    /// <summary>The name of an operation.</summary>
    public string OperationName(int number) => _operations[number].Name;

    internal void LockContended(nint at, LockClass lockClass)
    {
        if (!_isAlone)
        {
            Statistics.LockContended(_current, at, lockClass);
        }
    }

    internal void LockAcquired(nint at, LockClass lockClass)
    {
        if (!_isAlone)
        {
            Statistics.LockAcquired(_current, at, lockClass);
        }
    }

    internal void LockReleased(nint at)
    {
        if (!_isAlone)
        {
            Statistics.LockReleased(_current, at);
        }
    }

    /// <summary>The task says that it is about to sleep, or that it is not.</summary>
    internal Step Announce(SimulatedOp op)
    {
        nint state = _arena.Task(_current.Number).State.Address;
        if (_isAlone)
        {
            Apply(_current, op, state, sizeof(uint), 0, 0);
            return default;
        }

        return new Step(Access(_current, op, state, sizeof(uint), 0, 0));
    }

    internal Step Park()
    {
        if (_isAlone)
        {
            throw new RunFailedException(FindingKind.Deadlock, "a task that runs alone sleeps");
        }

        nint state = _arena.Task(_current.Number).State.Address;
        return new Step(Access(_current, SimulatedOp.Park, state, sizeof(uint), 0, 0));
    }

    // Unless a waker came first, the task is off its CPU until one does.
    private bool Sleeps(SimulatedTask task)
    {
        if (Read(task.At, task.Size) == TaskStruct.Running)
        {
            return false;
        }

        *(uint*)_arena.Task(task.Number).OnCpu.Address = 0;
        Changed(task, ref _directory[LineOf(_arena.Task(task.Number).OnCpu.Address)]);
        task.Agent.Clock += _model.ContextSwitch;
        task.IsAsleep = true;
        task.IsRunning = false;
        task.AsleepSince = task.Agent.Clock;
        return true;
    }

    private ulong WakeUp(SimulatedTask by, nint state, ulong before)
    {
        nint number = (state - _arena.Task(0).State.Address) / TaskStruct.Bytes;
        if ((nuint)number >= (nuint)_tasks.Length)
        {
            throw new RunFailedException(FindingKind.UseAfterFree, $"task {by.Number} wakes what is no task");
        }

        SimulatedTask task = _tasks[number];
        if (task.IsAsleep)
        {
            long awake = Math.Max(task.Agent.Clock, by.Agent.Clock + _model.WakeLatency);
            task.SleepTime += awake - task.AsleepSince;
            task.SleptInside += awake - task.AsleepSince;
            task.IsAsleep = false;
            task.IsRunning = true;
            *(uint*)_arena.Task(task.Number).OnCpu.Address = 1;
            task.Agent.Clock = awake + _model.ContextSwitch;
            task.Agent.Phase = AgentPhase.Run;
            task.Op = SimulatedOp.None;
            _queue.Add(task.Agent);
            Limit(Math.Min(_limit, _queue.Earliest));
        }

        return before == TaskStruct.Running ? 0ul : 1ul;
    }
}
