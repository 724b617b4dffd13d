using System;
using System.Numerics;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>A relation between the events of an execution, at most 32 of them.</summary>
internal sealed class Relation
{
    private readonly uint[] _rows;

    public Relation(int events)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events, 32);
        _rows = new uint[events];
    }

    public Relation(int events, Func<int, int, bool> holds)
        : this(events)
    {
        for (int from = 0; from < events; from++)
        {
            for (int to = 0; to < events; to++)
            {
                _rows[from] |= holds(from, to) ? 1u << to : 0;
            }
        }
    }

    public bool IsEmpty => Array.TrueForAll(_rows, row => row == 0);

    public bool IsIrreflexive => new Relation(_rows.Length, (from, to) => from == to && Has(from, to)).IsEmpty;

    public bool IsAcyclic => Plus().IsIrreflexive;

    public static Relation operator |(Relation a, Relation b)
        => new(a._rows.Length, (from, to) => a.Has(from, to) || b.Has(from, to));

    public static Relation operator &(Relation a, Relation b)
        => new(a._rows.Length, (from, to) => a.Has(from, to) && b.Has(from, to));

    public bool Has(int from, int to) => (_rows[from] >> to & 1) != 0;

    public void Add(int from, int to) => _rows[from] |= 1u << to;

    /// <summary>First this, then the others in turn.</summary>
    public Relation Then(params ReadOnlySpan<Relation> others)
    {
        Relation all = this;
        foreach (Relation other in others)
        {
            var next = new Relation(_rows.Length);
            for (int from = 0; from < _rows.Length; from++)
            {
                for (uint middle = all._rows[from]; middle != 0; middle &= middle - 1)
                {
                    next._rows[from] |= other._rows[BitOperations.TrailingZeroCount(middle)];
                }
            }

            all = next;
        }

        return all;
    }

    public Relation Inverse() => new(_rows.Length, (from, to) => Has(to, from));

    /// <summary>This, or staying where one is.</summary>
    public Relation Maybe() => new(_rows.Length, (from, to) => from == to || Has(from, to));

    /// <summary>Once or more.</summary>
    public Relation Plus()
    {
        Relation all = this;
        while (true)
        {
            Relation more = all | all.Then(all);
            if (more.Equals(all))
            {
                return all;
            }

            all = more;
        }
    }

    /// <summary>Any number of times.</summary>
    public Relation Star() => Plus().Maybe();

    public Relation Where(Func<int, int, bool> holds)
        => new(_rows.Length, (from, to) => Has(from, to) && holds(from, to));

    public bool Equals(Relation other) => _rows.AsSpan().SequenceEqual(other._rows);
}
