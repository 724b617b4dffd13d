using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Simulation;

/// <summary>The operations that models name, by number: what each costs besides its accesses.</summary>
/// <param name="work">Costs by name, in picoseconds.</param>
/// <param name="unmeasured">Operations whose accesses cost nothing.</param>
internal sealed class OperationTable(IReadOnlyDictionary<string, long> work, IReadOnlyList<string> unmeasured)
{
    private const int Slots = 256;

    private readonly Dictionary<string, int> _numbers = [];

    // Names are constants of the model: nearly always the same object comes again.
    private readonly (string? Name, int Number)[] _seen = new (string?, int)[Slots];
    private Operation[] _operations = [new("", 0, false)];

    /// <summary>An operation by its number.</summary>
    public ref readonly Operation this[int number] => ref _operations[number];

    /// <summary>The number of an operation; 0 stands for none.</summary>
    public int NumberOf(string name)
    {
        int slot = name.Length == 0 ? 0 : ((name[0] * 31) + (name[^1] * 7) + name.Length) & (Slots - 1);
        ref (string? Name, int Number) seen = ref _seen[slot];
        if (!ReferenceEquals(seen.Name, name))
        {
            seen = (name, Find(name));
        }

        return seen.Number;
    }

    private int Find(string name)
    {
        if (!_numbers.TryGetValue(name, out int number))
        {
            number = _operations.Length;
            _numbers.Add(name, number);
            Array.Resize(ref _operations, number + 1);
            _operations[number] = new Operation(name, work.GetValueOrDefault(name), unmeasured.Contains(name));
        }

        return number;
    }
}

/// <summary>An operation of a model.</summary>
/// <param name="Name">The kernel function.</param>
/// <param name="Work">What it costs besides its accesses, in picoseconds.</param>
/// <param name="IsUnmeasured">Whether its accesses cost nothing.</param>
internal readonly record struct Operation(string Name, long Work, bool IsUnmeasured);
