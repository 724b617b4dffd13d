using System;
using System.Globalization;

namespace Stress.Benchmarks.Measuring;

/// <summary>Names of the jobs that are passes; pass 0 only warms up.</summary>
internal static class PassJob
{
    private const string Prefix = "pass-";

    public static string IdOf(int pass) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{pass:D2}");

    /// <summary>The pass of a job; null for a job that is none.</summary>
    public static int? PassOf(string id)
        => id.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(id.AsSpan(Prefix.Length), CultureInfo.InvariantCulture, out int pass)
            ? pass
            : null;
}
