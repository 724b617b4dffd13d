using System.Collections.Generic;
using System.Runtime.InteropServices;
using Stress.Machine;

namespace Stress.Simulation;

/// <summary>Counts what happens to words and locks, from each task's warm-up on.</summary>
/// <param name="warmUp">Operations that are not counted.</param>
internal sealed class Counters(long warmUp)
{
    private readonly Dictionary<(long Word, int Operation), WordCount> _words = [];
    private readonly Dictionary<nint, LockCount> _locks = [];

    /// <summary>By word of 8 bytes and operation: accesses that left the core.</summary>
    public IReadOnlyDictionary<(long Word, int Operation), WordCount> Words => _words;

    /// <summary>By address.</summary>
    public IReadOnlyDictionary<nint, LockCount> Locks => _locks;

    /// <summary>A store found its line.</summary>
    public void StoreHit(nint at, SimulatedTask task)
    {
        // Only words that others fight for are of interest: a word is counted from its first miss on.
        if (task.Operations >= warmUp)
        {
            ref WordCount count = ref CollectionsMarshal.GetValueRefOrNullRef(_words, ((long)at >> 3, task.Operation));
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count))
            {
                count.StoreHits++;
            }
        }
    }

    public void Miss(SimulatedTask task, Supply from, LineUse use, long lost)
    {
        if (task.Operations < warmUp)
        {
            return;
        }

        ref WordCount count = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _words, ((long)task.At >> 3, task.Operation), out _);
        count.Lost += lost;
        if (use != LineUse.Load)
        {
            count.StoreMisses++;
            return;
        }

        count.Loads++;
        count.LoadLost += lost;
        switch (from)
        {
            case Supply.ModifiedHere: count.HitmLocal++; break;
            case Supply.ModifiedThere: count.HitmRemote++; break;
        }
    }

    public void LockContended(SimulatedTask task, nint at, LockClass lockClass)
    {
        if (task.Operations >= warmUp)
        {
            CountOf(at, lockClass).Contended++;
            task.WaitsSince = task.Agent.Clock;
        }
    }

    public void LockAcquired(SimulatedTask task, nint at, LockClass lockClass)
    {
        if (task.Operations < warmUp)
        {
            return;
        }

        LockCount count = CountOf(at, lockClass);
        count.Acquired++;
        if (task.WaitsSince > 0)
        {
            count.Waited += task.Agent.Clock - task.WaitsSince;
            task.WaitsSince = 0;
        }

        task.HoldsSince = task.Agent.Clock;
    }

    public void LockReleased(SimulatedTask task, nint at)
    {
        if (task.Operations >= warmUp && _locks.TryGetValue(at, out LockCount? count))
        {
            count.Held += task.Agent.Clock - task.HoldsSince;
        }
    }

    private LockCount CountOf(nint at, LockClass lockClass)
    {
        if (!_locks.TryGetValue(at, out LockCount? count))
        {
            count = new LockCount(lockClass);
            _locks.Add(at, count);
        }

        return count;
    }
}

/// <summary>What happened to a word in an operation.</summary>
internal struct WordCount
{
    /// <summary>Loads that missed.</summary>
    public long Loads;

    /// <summary>Loads served by a core of the same socket that had modified the line.</summary>
    public long HitmLocal;

    /// <summary>Loads served by a core of another socket that had modified the line.</summary>
    public long HitmRemote;

    public long StoreHits;

    public long StoreMisses;

    /// <summary>Time that tasks waited for the line, in picoseconds.</summary>
    public long Lost;

    /// <summary>The part of it that loads waited.</summary>
    public long LoadLost;
}

/// <summary>What happened to a lock.</summary>
internal sealed class LockCount(LockClass lockClass)
{
    public LockClass Class => lockClass;

    public long Acquired { get; set; }

    public long Contended { get; set; }

    /// <summary>Time waited for it, in picoseconds.</summary>
    public long Waited { get; set; }

    /// <summary>Time held, in picoseconds; of nested locks, since the innermost was taken.</summary>
    public long Held { get; set; }
}
