using System;
using System.Collections.Generic;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>What one task did with locks, by class, and which it holds. Written by the task, read by the watchdog.
/// </summary>
internal sealed class LockRecord
{
    // More locks at once are counted but not named.
    private const int Capacity = 64;

    // A lock's slow path takes the lock of its wait list, and so on.
    private const int WantedCapacity = 4;

    private readonly HeldLock[] _held = new HeldLock[Capacity];
    private readonly WantedLock[] _wanted = new WantedLock[WantedCapacity];
    private LockCounters?[] _classes = [];
    private int _heldCount;
    private int _wantedCount;

    /// <summary>The lock that the task waits for; null when it waits for none.</summary>
    public WantedLock? Wanted
    {
        get
        {
            int count = Math.Min(Volatile.Read(ref _wantedCount), WantedCapacity);
            return count == 0 ? null : _wanted[count - 1];
        }
    }

    /// <summary>The locks that it holds, in the order of taking.</summary>
    public IEnumerable<HeldLock> Held
    {
        get
        {
            int count = int.Clamp(Volatile.Read(ref _heldCount), 0, Capacity);
            return _held.AsSpan(0, count).ToArray();
        }
    }

    /// <summary>The same, for the task itself.</summary>
    public ReadOnlySpan<HeldLock> HeldNow => _held.AsSpan(0, Math.Min(_heldCount, Capacity));

    public void Contended(nint at, LockClass lockClass)
    {
        if (_wantedCount < WantedCapacity)
        {
            _wanted[_wantedCount] = new WantedLock(at, lockClass, NativeTask.Now);
            Volatile.Write(ref _wantedCount, _wantedCount + 1);
        }
    }

    public void Acquired(in HeldLock taken)
    {
        nint at = taken.At;
        LockCounters counters = CountersOf(taken.Class!);
        counters.Acquisitions++;
        if (_wantedCount > 0)
        {
            EndWait(at, counters);
        }

        if (_heldCount < Capacity)
        {
            _held[_heldCount] = taken;
        }

        Volatile.Write(ref _heldCount, _heldCount + 1);
    }

    public void Released(nint at)
    {
        for (int i = Math.Min(_heldCount, Capacity) - 1; i >= 0; i--)
        {
            if (_held[i].At == at)
            {
                Array.Copy(_held, i + 1, _held, i, Capacity - i - 1);
                break;
            }
        }

        Volatile.Write(ref _heldCount, Math.Max(0, _heldCount - 1));
    }

    /// <summary>Adds what it counted to a table. The task must have ended.</summary>
    public void AddTo(SortedDictionary<string, LockCounters> table)
    {
        foreach (LockCounters? counters in _classes)
        {
            if (counters is null)
            {
                continue;
            }

            if (!table.TryGetValue(counters.Name, out LockCounters? sum))
            {
                sum = new LockCounters(counters.Name);
                table.Add(counters.Name, sum);
            }

            sum.Add(counters);
        }
    }

    private void EndWait(nint at, LockCounters counters)
    {
        for (int i = 0; i < _wantedCount; i++)
        {
            if (_wanted[i].At == at)
            {
                counters.NoteWait(NativeTask.Now - _wanted[i].Since);
                Volatile.Write(ref _wantedCount, i);
                return;
            }
        }
    }

    private LockCounters CountersOf(LockClass lockClass)
    {
        if (lockClass.Index >= _classes.Length)
        {
            Array.Resize(ref _classes, lockClass.Index + 1);
        }

        return _classes[lockClass.Index] ??= new LockCounters(lockClass.Name);
    }
}

/// <summary>A lock that a task waits for, since a time in nanoseconds.</summary>
internal readonly record struct WantedLock(nint At, LockClass Class, long Since);

/// <summary>Counts of one lock class.</summary>
internal sealed class LockCounters(string name)
{
    public string Name => name;

    public long Acquisitions { get; set; }

    public long Contended { get; private set; }

    public long WaitTotalNs { get; private set; }

    public long WaitMaxNs { get; private set; }

    public void NoteWait(long nanoseconds)
    {
        Contended++;
        WaitTotalNs += nanoseconds;
        WaitMaxNs = Math.Max(WaitMaxNs, nanoseconds);
    }

    public void Add(LockCounters other)
    {
        Acquisitions += other.Acquisitions;
        Contended += other.Contended;
        WaitTotalNs += other.WaitTotalNs;
        WaitMaxNs = Math.Max(WaitMaxNs, other.WaitMaxNs);
    }

    public HammerLock ToResult() => new(name, Acquisitions, Contended, WaitTotalNs, WaitMaxNs);
}
