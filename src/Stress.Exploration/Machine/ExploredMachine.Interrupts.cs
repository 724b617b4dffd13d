using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

// Interrupts: handlers that come where they are let in, and end before the task that they interrupted goes on.
internal sealed partial class ExploredMachine
{
    private readonly bool _hasInterrupts;

    /// <summary>The handler that keeps a task from going on, or null.</summary>
    internal ExploredTask? InterruptOf(ExploredTask task)
        => _hasInterrupts && (_masked & task.Bit) != 0
            ? _tasks.FirstOrDefault(other => other != task && other.Spec.IsInterrupt && KeepsOut(other, task)) : null;

    internal Step ArriveInterrupts(bool isOff)
    {
        ExploredTask task = _current;
        if (isOff)
        {
            task.IrqDepth++;
            _races?.EnterCpu(task.Number);
            DisablePreemption();
        }
        else
        {
            if (--task.IrqDepth == 0)
            {
                InterruptsAreOn(task);
            }

            EnablePreemption();
        }

        MaskForInterrupts();
        return default;
    }

    // The hardware does not let a second one in, nor anybody else of its CPU.
    private void EnterInterrupt(ExploredTask task)
    {
        if (task.Spec.IsInterrupt)
        {
            task.IrqDepth = 1;
            task.PreemptDepth = 1;
            MaskForInterrupts();
        }
    }

    // Where there are interrupts the masks are not one task's alone: one that was interrupted has its own back later.
    private void MaskForInterrupts()
    {
        if (!_hasInterrupts)
        {
            return;
        }

        _steps?.TouchCpu(_current.Spec.Cpu, isMasked: _masked != 0);
        _masked = 0;
        foreach (ExploredTask task in _tasks)
        {
            foreach (ExploredTask other in _tasks)
            {
                _masked |= KeepsOut(other, task) ? task.Bit : 0;
            }
        }
    }

    private static bool KeepsOut(ExploredTask holder, ExploredTask task)
        => holder != task && holder.Spec.Cpu == task.Spec.Cpu && !holder.IsDone
            && (holder.IrqDepth > 0 || (holder.PreemptDepth > 0 && !task.Spec.IsInterrupt));
}
