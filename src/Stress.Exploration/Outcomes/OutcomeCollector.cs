using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Counts the outcomes of the runs of one machine: what each run observed, by the names of the registers.
/// </summary>
/// <remarks>Allocates when it meets a register or an outcome for the first time, and at no other time.</remarks>
/// <param name="table">What grades the outcomes; null where the scenario grades none.</param>
internal sealed class OutcomeCollector(OutcomeTable? table)
{
    /// <summary>Stands for a run that observed nothing.</summary>
    public const int NoOutcome = -1;

    private const int MaxRegisters = 32;

    private readonly string[] _registers = new string[MaxRegisters];
    private readonly long[] _values = new long[MaxRegisters];
    private readonly List<Row> _rows = [];

    // Rows by hash; the rows of one hash are linked, as two outcomes may share it.
    private readonly Dictionary<ulong, Row> _byHash = [];
    private int _registerCount;
    private uint _observed;

    /// <summary>The outcomes met so far, and how often.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counts
        => _rows.Select(row => new KeyValuePair<string, long>(row.Outcome, row.Count));

    /// <summary>The row of the last run that came to its end, or <see cref="NoOutcome"/>.</summary>
    public int Last { get; private set; } = NoOutcome;

    /// <summary>A run begins.</summary>
    public void Begin()
    {
        _observed = 0;
        Last = NoOutcome;
    }

    /// <summary>Counts the outcome of a run that need not be made again.</summary>
    /// <param name="outcome">What <see cref="Last"/> was after it.</param>
    public void Repeat(int outcome)
    {
        if (outcome != NoOutcome)
        {
            _rows[outcome].Count++;
        }
    }

    /// <summary>The run found a value in a register; the last one stands.</summary>
    /// <exception cref="RunFailedException">The scenario has too many registers.</exception>
    public void Observe(string register, long value)
    {
        int index = 0;
        while (index < _registerCount && !ReferenceEquals(_registers[index], register) && _registers[index] != register)
        {
            index++;
        }

        if (index == MaxRegisters)
        {
            throw new RunFailedException(
                FindingKind.ModelError, $"a scenario observes more than {MaxRegisters} registers");
        }

        if (index == _registerCount)
        {
            _registers[_registerCount++] = register;
        }

        _values[index] = value;
        _observed |= 1u << index;
    }

    /// <summary>The run came to its end: counts its outcome, if it observed anything.</summary>
    /// <returns>The text of the finding when the outcome is forbidden; otherwise null.</returns>
    public string? Complete()
    {
        if (_observed == 0)
        {
            return null;
        }

        ulong hash = Hash();
        Row? first = _byHash.GetValueOrDefault(hash);
        Row? row = first;
        while (row is not null && !IsCurrent(row))
        {
            row = row.Next;
        }

        if (row is null)
        {
            row = Make(first, _rows.Count);
            _byHash[hash] = row;
            _rows.Add(row);
        }

        row.Count++;
        Last = row.Number;
        return row.Forbidden;
    }

    private ulong Hash()
    {
        ulong hash = _observed;
        for (int i = 0; i < _registerCount; i++)
        {
            if ((_observed >> i & 1) != 0)
            {
                hash = SplitMix64.Derive(hash, (ulong)_values[i]);
            }
        }

        return hash;
    }

    private bool IsCurrent(Row row)
    {
        if (row.Observed != _observed)
        {
            return false;
        }

        for (int i = 0; i < row.Values.Length; i++)
        {
            if ((_observed >> i & 1) != 0 && row.Values[i] != _values[i])
            {
                return false;
            }
        }

        return true;
    }

    private Row Make(Row? next, int number)
    {
        string outcome = string.Join(
            ' ',
            Enumerable.Range(0, _registerCount).Where(index => (_observed >> index & 1) != 0)
                .OrderBy(index => _registers[index], StringComparer.Ordinal)
                .Select(index => FormattableString.Invariant($"{_registers[index]}={_values[index]}")));
        return new Row(_observed, _values[.._registerCount], outcome, next, number)
        {
            Forbidden = table?.Grade(outcome) is { Grade: OutcomeGrade.Forbidden } graded
                ? $"{outcome}: {graded.Meaning}" : null,
        };
    }

    private sealed class Row(uint observed, long[] values, string outcome, Row? next, int number)
    {
        public int Number => number;

        public uint Observed => observed;

        public long[] Values => values;

        public string Outcome => outcome;

        public Row? Next => next;

        public string? Forbidden { get; init; }

        public long Count { get; set; }
    }
}
