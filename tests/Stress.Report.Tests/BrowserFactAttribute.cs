using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Stress.Report.Tests;

/// <summary>A test in a real browser: Debian's chromium, or the one that <c>STRESS_CHROMIUM</c> names. Without one it is
/// skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    private const string Variable = "STRESS_CHROMIUM";

    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

    public BrowserFactAttribute()
    {
        if (Browser is null)
        {
            Skip = $"There is no chromium: install the package chromium, or set {Variable}.";
        }
    }

    /// <summary>The browser; null for none.</summary>
    public static string? Browser { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : s_places.FirstOrDefault(File.Exists);
}
