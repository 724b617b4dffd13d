using System;
using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Simulation;

/// <summary>Counts what happens to words and locks, from each task's warm-up on.</summary>
/// <param name="warmUp">Operations that are not counted.</param>
/// <param name="lines">Which lines are counted together.</param>
internal sealed class Counters(long warmUp, CountedLines lines)
{
    private const int WordsOfALine = 8;

    // The counts of a word are chained: the number of the first one plus 1, by group and word.
    private readonly Dictionary<nint, LockCount> _locks = [];
    private int[] _first = new int[64 * WordsOfALine];
    private WordCount[] _counts = new WordCount[256];
    private int _used;
    private nint _lastLock;
    private LockCount? _lastCount;

    /// <summary>Accesses that left the core, by word and operation.</summary>
    public ReadOnlySpan<WordCount> Words => _counts.AsSpan(0, _used);

    /// <summary>By address.</summary>
    public IReadOnlyDictionary<nint, LockCount> Locks => _locks;

    /// <summary>A store, or an atomic instruction, found its line.</summary>
    public void StoreHit(int word, SimulatedTask task)
    {
        if (task.Operations >= warmUp)
        {
            CountOf(word, task.Operation).StoreHits++;
        }
    }

    public void Miss(SimulatedTask task, int word, Supply from, LineUse use, long lost)
    {
        if (task.Operations < warmUp)
        {
            return;
        }

        ref WordCount count = ref CountOf(word, task.Operation);
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

    private ref WordCount CountOf(int word, int operation)
    {
        int group = lines.Of(word / WordsOfALine);
        int chain = (group * WordsOfALine) + (word % WordsOfALine);
        if (chain >= _first.Length)
        {
            Array.Resize(ref _first, Math.Max(chain + 1, 2 * _first.Length));
        }

        for (int i = _first[chain]; i != 0; i = _counts[i - 1].Next)
        {
            if (_counts[i - 1].Operation == operation)
            {
                return ref _counts[i - 1];
            }
        }

        if (_used == _counts.Length)
        {
            Array.Resize(ref _counts, 2 * _used);
        }

        ref WordCount made = ref _counts[_used];
        made.Word = (lines.FirstOf(group) * WordsOfALine) + (word % WordsOfALine);
        made.Operation = operation;
        made.Next = _first[chain];
        _first[chain] = ++_used;
        return ref made;
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
        if (at == _lastLock)
        {
            return _lastCount!;
        }

        if (!_locks.TryGetValue(at, out LockCount? count))
        {
            count = new LockCount(lockClass);
            _locks.Add(at, count);
        }

        _lastLock = at;
        _lastCount = count;
        return count;
    }
}

/// <summary>What happened to a word in an operation.</summary>
internal struct WordCount
{
    /// <summary>Number of the word in the memory, on the first line of its group.</summary>
    public int Word;

    public int Operation;

    /// <summary>Number of the next count of the word plus 1; 0 for none.</summary>
    public int Next;

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
