using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>The last operations of one task. Written by the task without a lock and without an allocation; whoever
/// notices a failure takes a copy while the task may still go on.</summary>
internal sealed class OperationTail
{
    /// <summary>How many operations it keeps, besides those that are open.</summary>
    public const int Capacity = 32;

    private const int MaxDepth = 16;

    private readonly Entry[] _ring = new Entry[Capacity];
    private readonly Entry[] _open = new Entry[MaxDepth];
    private long _count;
    private int _depth;

    public void Enter(string name, int arguments, long a, long b)
    {
        long number = _count;
        var entry = new Entry { Number = number, Name = name, Arguments = arguments, A = a, B = b, Depth = _depth };
        _ring[number % Capacity] = entry;
        if (_depth < MaxDepth)
        {
            _open[_depth] = entry;
        }

        Volatile.Write(ref _depth, _depth + 1);
        Volatile.Write(ref _count, number + 1);
    }

    public void Leave(bool hasResult, long result)
    {
        int depth = _depth - 1;
        Volatile.Write(ref _depth, depth);
        if (depth >= MaxDepth)
        {
            return;
        }

        long number = _open[depth].Number;
        if (_count - number <= Capacity)
        {
            ref Entry entry = ref _ring[number % Capacity];
            entry.HasResult = hasResult;
            entry.Result = result;
            Volatile.Write(ref entry.EndedAt, NativeTask.Now);
        }
    }

    /// <summary>A copy, oldest first: open operations that the ring has no place for any more come before it.</summary>
    public ImmutableArray<Entry> Copy()
    {
        long count = Volatile.Read(ref _count);
        Entry[] ring = [.. _ring];
        Entry[] open = _open.AsSpan(0, int.Clamp(Volatile.Read(ref _depth), 0, MaxDepth)).ToArray();

        // Places that the task wrote while they were copied hold a mixture: their operations are the oldest.
        long first = Math.Max(0, Volatile.Read(ref _count) - Capacity + (Volatile.Read(ref _count) > count ? 1 : 0));
        var entries = new List<Entry>();
        foreach (Entry entry in open)
        {
            if (entry.Number < first && entry.Name is not null)
            {
                entries.Add(entry);
            }
        }

        for (long number = first; number < count; number++)
        {
            if (ring[number % Capacity] is { Name: not null } entry && entry.Number == number)
            {
                entries.Add(entry);
            }
        }

        return [.. entries];
    }

    internal struct Entry
    {
        public long Number;
        public string? Name;
        public int Arguments;
        public long A;
        public long B;
        public int Depth;
        public bool HasResult;
        public long Result;

        // 0 while it is open.
        public long EndedAt;
    }
}
