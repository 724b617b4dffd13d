using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Serialization;

namespace Stress.Machine;

/// <summary>What a run can show about the order of locks.</summary>
public enum LockOrderKind
{
    /// <summary>A lock was waited for while another was held.</summary>
    Order,

    /// <summary>A lock was waited for as its writer: readers that come meanwhile wait behind.</summary>
    WaitingWriter,

    /// <summary>A lock was waited for in an interrupt.</summary>
    InInterrupt,

    /// <summary>A lock was held where an interrupt may come.</summary>
    InterruptsOn,
}

/// <summary>One thing that was seen about the order of locks, and who did it first.</summary>
/// <remarks>A lock that can be had at once counts as waited for, unless it was only tried.</remarks>
/// <param name="Kind">What was seen.</param>
/// <param name="Held">For <see cref="LockOrderKind.Order"/>, the lock that was held.</param>
/// <param name="Taken">The lock that it is about.</param>
/// <param name="Task">Name of the task.</param>
/// <param name="Operation">The operation that the task was in; empty outside of one.</param>
/// <param name="Holding">All that the task held, in the order of taking.</param>
public sealed record LockOrderFact(
    LockOrderKind Kind,
    LockUse? Held,
    LockUse Taken,
    string Task,
    string Operation,
    IReadOnlyList<LockUse> Holding)
{
    /// <summary>What was seen, whoever did it.</summary>
    [JsonIgnore]
    public LockOrderKey Key => new(Kind, Held, Taken);

    /// <summary>Facts in an order that does not depend on who saw them when.</summary>
    public static IEnumerable<LockOrderFact> Sorted(IEnumerable<LockOrderFact> facts)
        => facts.OrderBy(fact => fact.Kind).ThenBy(fact => fact.Held).ThenBy(fact => fact.Taken);

    /// <summary>Who did what, in one line.</summary>
    public override string ToString()
    {
        string who = Operation.Length == 0 ? Task : $"{Task}, in {Operation}";
        string holding = Holding.Count == 0 ? "" : $" while it holds {string.Join(", ", Holding)}";
        return Kind switch
        {
            LockOrderKind.WaitingWriter => $"{who}: takes {Taken} as a writer, and later readers wait behind it",
            LockOrderKind.InInterrupt => $"{who}: takes {Taken} in an interrupt{holding}",
            LockOrderKind.InterruptsOn => $"{who}: holds {Taken} where an interrupt may come{holding}",
            _ => $"{who}: takes {Taken}{holding}",
        };
    }
}

/// <summary>What tells facts apart.</summary>
/// <param name="Kind">What was seen.</param>
/// <param name="Held">The lock that was held.</param>
/// <param name="Taken">The lock that it is about.</param>
public readonly record struct LockOrderKey(LockOrderKind Kind, LockUse? Held, LockUse Taken);
