using System.Reflection;

namespace Stress.Results;

/// <summary>Which build of the tool this is.</summary>
/// <param name="Version">Its version, such as <c>0.1.0</c>.</param>
/// <param name="Commit">The commit that it was built from; null when it was not built in a clone.</param>
public sealed record ToolVersion(string Version, string? Commit)
{
    /// <summary>This build.</summary>
    public static ToolVersion Current { get; } = Of(typeof(ToolVersion).Assembly);

    /// <summary>The build of an assembly: the compiler puts <c>version+commit</c> into it.</summary>
    private static ToolVersion Of(Assembly assembly)
    {
        string text = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        int plus = text.IndexOf('+', System.StringComparison.Ordinal);
        return plus < 0 ? new ToolVersion(text, null) : new ToolVersion(text[..plus], text[(plus + 1)..]);
    }
}
