using System;
using System.Collections.Immutable;
using System.Linq;

namespace Stress.Machine.Twins;

/// <summary>The twins of one type declaration. A plain value, so an unchanged model costs an editor nothing.</summary>
internal sealed class TwinFile(string name, string text, ImmutableArray<TwinFault> faults) : IEquatable<TwinFile>
{
    public static TwinFile Empty { get; } = new("", "", ImmutableArray<TwinFault>.Empty);

    public string Name => name;

    public string Text => text;

    public ImmutableArray<TwinFault> Faults => faults;

    public bool IsEmpty => text.Length == 0 && faults.IsEmpty;

    public bool Equals(TwinFile? other)
        => other is not null && name == other.Name && text == other.Text && faults.SequenceEqual(other.Faults);

    public override bool Equals(object? obj) => Equals(obj as TwinFile);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(name + text);
}
