using System.Numerics;
using Stress.Machine;

namespace Stress.Exploration;

// Real-time tasks: on each CPU the task of the highest priority that does not wait is the only one to go on.
internal sealed partial class ExploredMachine
{
    // Bits of the tasks that have a priority.
    private readonly uint _realTime;

    // Who spins, and the first scheduling point since it said so.
    private ExploredTask? _spinner;
    private int _spinnerYieldsAt;

    private static uint RealTimeOf(ScenarioPlan plan)
    {
        uint realTime = 0;
        for (int i = 0; i < plan.Tasks.Count; i++)
        {
            realTime |= plan.Tasks[i].Priority > 0 ? 1u << i : 0;
        }

        return realTime;
    }

    // Those of the given tasks that no other of them keeps off its CPU. A handler comes whatever the priorities are,
    // and keeps nobody off before it has come.
    private uint Foremost(uint enabled)
    {
        uint foremost = enabled;
        for (uint rest = enabled; rest != 0; rest &= rest - 1)
        {
            ExploredTask task = _tasks[BitOperations.TrailingZeroCount(rest)];
            foremost &= IsOutranked(task, enabled) ? ~task.Bit : uint.MaxValue;
        }

        // Other CPUs do not stand still while one spins: only who waits for its own CPU may wait for ever.
        if (_spinner == _current && _points == _spinnerYieldsAt && (foremost & ~_current.Bit) != 0)
        {
            foremost &= ~_current.Bit;
        }

        return foremost;
    }

    private bool IsOutranked(ExploredTask task, uint by)
    {
        for (uint rest = task.Spec.IsInterrupt ? 0 : by & _realTime; rest != 0; rest &= rest - 1)
        {
            TaskSpec other = _tasks[BitOperations.TrailingZeroCount(rest)].Spec;
            if (other.Cpu == task.Spec.Cpu && other.Priority > task.Spec.Priority && !other.IsInterrupt)
            {
                return true;
            }
        }

        return false;
    }

    // A real-time task has no time slice that could end: its CPU is wanted for a higher priority, or not at all.
    private bool WantsRealTimeCpu()
    {
        if (IsOutranked(_current, Runnable()))
        {
            return true;
        }

        if (_current.Spec.Priority == 0 && Happens(ReschedOneIn))
        {
            return true;
        }

        _spinner = _current;
        _spinnerYieldsAt = _points + 1;
        return false;
    }
}
