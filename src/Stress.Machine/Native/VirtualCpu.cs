using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>A CPU that several tasks share: only the one that has it runs. Served in the order of asking.</summary>
internal sealed class VirtualCpu
{
    private const int CheckMs = 50;

    private readonly object _lock = new();
    private readonly NativeRun _run;
    private long _nextTicket;
    private long _serving;

    private VirtualCpu(NativeRun run) => _run = run;

    /// <summary>Whether a task waits for it. A glance: it may have changed.</summary>
    public bool IsWanted => Volatile.Read(ref _nextTicket) - Volatile.Read(ref _serving) > 1;

    /// <summary>Gives the tasks of a machine that name the same CPU one to share.</summary>
    public static void Share(IEnumerable<ObservedTask> tasks)
    {
        foreach (IGrouping<int, ObservedTask> group in tasks.GroupBy(static task => task.Cpu))
        {
            ObservedTask[] sharing = [.. group];
            if (sharing.Length > 1)
            {
                var cpu = new VirtualCpu(sharing[0].Machine.Run);
                Array.ForEach(sharing, task => task.SharedCpu = cpu);
            }
        }
    }

    /// <summary>Waits for it and takes it.</summary>
    public void Take()
    {
        lock (_lock)
        {
            long ticket = _nextTicket;
            Volatile.Write(ref _nextTicket, ticket + 1);
            while (_serving != ticket)
            {
                if (_run.IsStopping)
                {
                    // The run ends without order: whoever is left must not wait for this task.
                    Volatile.Write(ref _serving, _serving + 1);
                    Monitor.PulseAll(_lock);
                    _run.ThrowIfStopping();
                }

                Monitor.Wait(_lock, CheckMs);
            }
        }
    }

    /// <summary>Leaves it to the next.</summary>
    public void Give()
    {
        lock (_lock)
        {
            Volatile.Write(ref _serving, _serving + 1);
            Monitor.PulseAll(_lock);
        }
    }
}
