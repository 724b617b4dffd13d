using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Stress.Results;

/// <summary>What makes two findings the same bug, wherever and however often it is found.</summary>
/// <param name="Kind">Name of the finding's kind.</param>
/// <param name="Text">The condition, without what differs from schedule to schedule.</param>
/// <param name="Locks">Lock classes that take part.</param>
/// <param name="Operations">Model operations that take part.</param>
public sealed record BugSignature(
    string Kind, string Text, IReadOnlyList<string> Locks, IReadOnlyList<string> Operations)
{
    private const int IdDigits = 12;

    /// <summary>The same in 12 hexadecimal digits.</summary>
    public string Id
    {
        get
        {
            string all = string.Join('\n', [Kind, Text, string.Join('\t', Locks), string.Join('\t', Operations)]);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..IdDigits];
        }
    }

    /// <inheritdoc/>
    public override string ToString()
        => $"{Kind}{(Text.Length == 0 ? "" : $": {Text}")}{Part(" in ", Operations)}{Part(" with ", Locks)}";

    /// <inheritdoc/>
    public bool Equals(BugSignature? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    private static string Part(string word, IReadOnlyList<string> names)
        => names.Count == 0 ? "" : word + string.Join(", ", names.Distinct());
}
