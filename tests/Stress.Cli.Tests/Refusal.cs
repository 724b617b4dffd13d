using System.Linq;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>What every wrong input must lead to.</summary>
internal static class Refusal
{
    /// <summary>Exit code 2 and exactly one line, which says the expected parts; nothing on standard output.</summary>
    public static void AssertRefused(Ended ended, params string[] parts)
    {
        Assert.True(ended.ExitCode == 2, $"exit code {ended.ExitCode}: {ended.Errors}{ended.Output}");
        string line = Assert.Single(ended.ErrorLines);
        Assert.StartsWith("stress: ", line);
        Assert.DoesNotContain(" at Stress.", ended.Errors);
        Assert.DoesNotContain("Exception", ended.Errors);
        Assert.Equal("", ended.Output);
        Assert.All(parts.Where(part => part.Length > 0), part => Assert.Contains(part, line));
    }
}
