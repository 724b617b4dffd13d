using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Stress.Nightly;

/// <summary>The plans that come with the tool: the files of <c>stress/plans</c>, as they were at the build.</summary>
internal static class BuiltInPlans
{
    private const string Prefix = "plans/";
    private const string Suffix = ".json";

    private static readonly Assembly s_assembly = typeof(BuiltInPlans).Assembly;

    public static IReadOnlyList<string> Names { get; } =
    [
        .. s_assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a plan, or null.</summary>
    public static byte[]? TryGet(string name)
    {
        using Stream? stream = s_assembly.GetManifestResourceStream(Prefix + name + Suffix);
        if (stream is null)
        {
            return null;
        }

        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }
}
