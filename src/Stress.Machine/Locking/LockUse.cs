using System;
using System.Text.Json.Serialization;

namespace Stress.Machine;

/// <summary>A node of the lock order, and how it is held there.</summary>
/// <param name="Class">Name of the class: it is what identifies a class from run to run.</param>
/// <param name="Subclass">0 to 7.</param>
/// <param name="Mode">How it is held.</param>
public readonly record struct LockUse(string Class, int Subclass, LockMode Mode) : IComparable<LockUse>
{
    /// <summary>The node alone, such as <c>mmap_lock/1</c>.</summary>
    [JsonIgnore]
    public string Node => Subclass == 0 ? Class : $"{Class}/{Subclass}";

    /// <summary>Whether both are the same node, however it is held.</summary>
    public bool IsSameNode(LockUse other) => Class == other.Class && Subclass == other.Subclass;

    /// <inheritdoc/>
    public int CompareTo(LockUse other)
    {
        int order = string.CompareOrdinal(Class, other.Class);
        order = order != 0 ? order : Subclass.CompareTo(other.Subclass);
        return order != 0 ? order : Mode.CompareTo(other.Mode);
    }

    /// <inheritdoc/>
    public override string ToString() => Mode == LockMode.Shared ? $"{Node} (read)" : Node;

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(LockUse left, LockUse right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after the other.</summary>
    public static bool operator >(LockUse left, LockUse right) => left.CompareTo(right) > 0;

    /// <summary>Whether one does not come after the other.</summary>
    public static bool operator <=(LockUse left, LockUse right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one does not come before the other.</summary>
    public static bool operator >=(LockUse left, LockUse right) => left.CompareTo(right) >= 0;
}
