using System;
using System.Numerics;

namespace Stress.Exploration;

/// <summary>Tells the class of a run: equal for runs that differ only in the order of steps that do not conflict.</summary>
/// <remarks>
/// Each access of a task is told by the version of the words that it reads or writes, and a run by all of them in no
/// order. Words are of four bytes, so accesses to different bytes of one count as conflicting.
/// </remarks>
/// <param name="arena">The memory.</param>
internal sealed class ClassHash(ExploredArena arena)
{
    private const ulong Factor = 0x9e37_79b9_7f4a_7c15;

    private readonly int[] _versions = new int[arena.Bytes >> 2];
    private readonly int[] _runs = new int[arena.Bytes >> 2];
    private readonly int[] _accesses = new int[32];
    private int _run;

    /// <summary>The class of the run so far.</summary>
    public ulong Value { get; private set; }

    /// <summary>Begins a run.</summary>
    public void Begin()
    {
        _run++;
        Value = 0;
        Array.Clear(_accesses);
    }

    /// <summary>A task makes an access.</summary>
    public void Note(int task, nint at, int size, bool writes)
    {
        int word = (int)(arena.OffsetOf(at) >> 2);
        ulong position = (ulong)_accesses[task]++;
        for (int i = 0; i < size; i += 4, word++)
        {
            if (_runs[word] != _run)
            {
                _runs[word] = _run;
                _versions[word] = 0;
            }

            int version = _versions[word];
            _versions[word] += writes ? 1 : 0;
            ulong mixed = unchecked(((position << 40) | ((ulong)task << 32) | (uint)word) * Factor);
            mixed = unchecked((BitOperations.RotateLeft(mixed, 29) ^ (ulong)version) * Factor);
            Value = unchecked(Value + (mixed ^ (mixed >> 32)));
        }
    }
}
