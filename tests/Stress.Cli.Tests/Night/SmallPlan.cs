using System.IO;

namespace Stress.Cli.Tests;

/// <summary>A plan that is over in seconds, and has a bug in it or not.</summary>
internal static class SmallPlan
{
    /// <summary>How many items it has, with its self-test.</summary>
    public const int Items = 11;

    private const string Text =
        """
        {
          "selfTest": "locks/lock-owner",
          "entries": [
            { "machine": "explore", "scenarios": "hugetlb/region-add", "variants": "v7", "replays": 2, LIMIT },
            { "machine": "explore", "scenarios": "hugetlb/chg-publish", "expected": "violation", "variants": "v12" },
            { "machine": "explore", "scenarios": "hugetlb/region-*", "expected": "clean", "schedules": 300 }
          ]
        }
        """;

    /// <summary>In which the bug is found.</summary>
    public static string WithBug(string path) => Write(path, "\"schedules\": 20000");

    /// <summary>In which it is not.</summary>
    public static string WithoutBug(string path) => Write(path, "\"schedules\": 1, \"seedOffset\": 100");

    private static string Write(string path, string limit)
    {
        File.WriteAllText(path, Text.Replace("LIMIT", limit, System.StringComparison.Ordinal));
        return path;
    }
}
