using System;
using System.Runtime.CompilerServices;

namespace Stress.Exploration;

/// <summary>What is ordered before one task's accesses to an object, because it read the object's address.</summary>
/// <remarks>A hash table that keeps its room from run to run.</remarks>
internal sealed class DependencyClocks
{
    private Entry[] _entries = new Entry[64];
    private int _count;
    private uint _run;

    public void Begin()
    {
        _run++;
        _count = 0;
    }

    /// <summary>Whether nothing is known of any object.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The clock of an object, or a null reference.</summary>
    public ref readonly Clock Find(int key)
    {
        if (_count != 0)
        {
            for (int i = Home(key); _entries[i].Run == _run; i = (i + 1) & (_entries.Length - 1))
            {
                if (_entries[i].Key == key)
                {
                    return ref _entries[i].Clock;
                }
            }
        }

        return ref Unsafe.NullRef<Clock>();
    }

    /// <summary>Orders what a clock knows before the accesses to an object.</summary>
    public void Join(int key, in Clock clock)
    {
        int i = Home(key);
        while (_entries[i].Run == _run && _entries[i].Key != key)
        {
            i = (i + 1) & (_entries.Length - 1);
        }

        ref Entry entry = ref _entries[i];
        if (entry.Run == _run)
        {
            entry.Clock.Join(clock);
            return;
        }

        entry = new Entry { Run = _run, Key = key, Clock = clock };
        if (++_count * 2 > _entries.Length)
        {
            Grow();
        }
    }

    private int Home(int key) => (int)((uint)key * 0x9e37_79b9u) >>> 7 & (_entries.Length - 1);

    private void Grow()
    {
        Entry[] old = _entries;
        _entries = new Entry[old.Length * 2];
        _count = 0;
        foreach (ref readonly Entry entry in old.AsSpan())
        {
            if (entry.Run == _run)
            {
                Join(entry.Key, entry.Clock);
            }
        }
    }

    private struct Entry
    {
        public Clock Clock;
        public uint Run;
        public int Key;
    }
}
