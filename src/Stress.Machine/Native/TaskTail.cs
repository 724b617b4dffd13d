using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Stress.Machine.Native;

/// <summary>What one task of a native run did last before something went wrong.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Role">Which task of the scenario's plan it played.</param>
/// <param name="Operations">Its last operations, oldest first. Tasks go on while this is noted: an operation that
/// ended in the moment of the failure may count as open.</param>
/// <param name="Waits">What it waited for; empty when it did not.</param>
/// <param name="Holds">The locks that it held; empty for none.</param>
public sealed record TaskTail(
    string Task, int Role, ImmutableArray<TailOperation> Operations, string Waits, string Holds);

/// <summary>One operation of a <see cref="TaskTail"/>.</summary>
/// <param name="Name">As the model calls it.</param>
/// <param name="Arguments">The first two at most.</param>
/// <param name="Depth">How many operations it lies in.</param>
public sealed record TailOperation(string Name, ImmutableArray<long> Arguments, int Depth)
{
    /// <summary>What it returned; null for nothing, and while it is open.</summary>
    public long? Result { get; init; }

    /// <summary>Its place among the operations of all tails in the order of their ends, from 1; null while it is open.
    /// </summary>
    public int? Ended { get; init; }

    /// <summary>Whether the task was inside.</summary>
    public bool IsOpen => Ended is null;

    /// <inheritdoc/>
    public override string ToString()
    {
        string arguments = string.Join(", ", Arguments.Select(a => a.ToString(CultureInfo.InvariantCulture)));
        string result = Result is { } value ? value.ToString(CultureInfo.InvariantCulture) : "";
        return $"{Name}({arguments})" + (IsOpen ? " ..." : result.Length > 0 ? $" = {result}" : "");
    }
}
