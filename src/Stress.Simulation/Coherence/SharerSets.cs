using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stress.Simulation;

/// <summary>The cores that have a copy of a line: the bits of its word where the machine has up to 64 cores; otherwise
/// the word is the number of a row of words, from 1, and 0 is the empty set.</summary>
internal sealed class SharerSets(int cores)
{
    private const int WordBits = 64;

    private readonly int _words = (cores + WordBits - 1) / WordBits;
    private ulong[] _rows = [];
    private int _used;

    /// <summary>Whether a core has a copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(in CacheLine line, int core)
        => _words == 1 ? ((line.Sharers >> core) & 1) != 0 : HasWide(in line, core);

    /// <summary>Takes note of a core.</summary>
    public void Add(ref CacheLine line, int core)
    {
        if (_words == 1)
        {
            line.Sharers |= 1ul << core;
        }
        else
        {
            RowOf(ref line)[core / WordBits] |= 1ul << core;
        }
    }

    /// <summary>No core has it any more.</summary>
    public void Clear(ref CacheLine line)
    {
        if (_words == 1)
        {
            line.Sharers = 0;
        }
        else if (line.Sharers != 0)
        {
            RowOf(ref line).Clear();
        }
    }

    /// <summary>One core has it, and no other.</summary>
    public void SetOnly(ref CacheLine line, int core)
    {
        Clear(ref line);
        Add(ref line, core);
    }

    /// <summary>How many have it.</summary>
    public int CountOf(in CacheLine line)
    {
        int count = 0;
        for (int core = From(in line, 0); core >= 0; core = From(in line, core + 1))
        {
            count++;
        }

        return count;
    }

    /// <summary>The first that has it, from a core up; -1 when there is none.</summary>
    public int From(in CacheLine line, int core)
    {
        for (int word = core / WordBits; word < _words; word++)
        {
            ulong bits = WordOf(in line, word) & (word == core / WordBits ? ulong.MaxValue << core : ulong.MaxValue);
            if (bits != 0)
            {
                return (word * WordBits) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return -1;
    }

    private bool HasWide(in CacheLine line, int core) => ((WordOf(in line, core / WordBits) >> core) & 1) != 0;

    private ulong WordOf(in CacheLine line, int word)
        => _words == 1 ? line.Sharers : line.Sharers == 0 ? 0 : _rows[((int)line.Sharers * _words) - _words + word];

    private Span<ulong> RowOf(ref CacheLine line)
    {
        if (line.Sharers == 0)
        {
            line.Sharers = (ulong)++_used;
            if (_used * _words > _rows.Length)
            {
                Array.Resize(ref _rows, Math.Max(WordBits * _words, 2 * _rows.Length));
            }
        }

        return _rows.AsSpan(((int)line.Sharers - 1) * _words, _words);
    }
}
