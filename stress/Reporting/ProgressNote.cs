using System.Collections.Generic;

namespace Stress.Reporting;

/// <summary>How far something is.</summary>
/// <param name="Line">In one line.</param>
/// <param name="Workers">What each worker does, a line each; empty where there is nothing to tell them apart by.</param>
internal readonly record struct ProgressNote(string Line, IReadOnlyList<string> Workers)
{
    /// <summary>A line says all.</summary>
    public static implicit operator ProgressNote(string line) => new(line, []);
}
