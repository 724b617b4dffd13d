using System;
using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>Layouts in a night: their counts are the same every night, and one that is not is told.</summary>
public sealed class NightLayoutTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const string Offset = "vm_area_struct.VmFlags offset";

    private const string Plan =
        """
        {
          "selfTest": "locks/lock-owner",
          "gates": { "counts": "fail" },
          "entries": [
            { "machine": "layout", "scenarios": "vma/anon-fault", "layouts": "stock,embedded-line4" },
            {
              "machine": "simulate", "scenarios": "vma/anon-fault", "layouts": "stock,embedded-line4", "cpus": "1,4",
              "operations": 20
            }
          ]
        }
        """;

    [Fact]
    public void Nights_CountsOfLayoutsAndSimulation_AreExactAndGated()
    {
        string plan = folder.Write("layouts.json", Plan);
        string nights = Path.Combine(folder.Location, "nights");

        RunSummary first = Night(plan, nights, exitCode: 0);
        RunSummary second = Night(plan, nights, exitCode: 0);
        AlterHistory(nights, first.Items.Single(item => item.Key == "layout/vma/anon-fault@stock").Counts![Offset]);
        RunSummary third = Night(plan, nights, exitCode: 1);

        RunItem simulated = first.Items.Single(item => item.Machine == "simulate");
        Assert.Equal(4, simulated.Simulated!.Cells.Count);
        Assert.Equal(simulated.Counts, second.Items.Single(item => item.Machine == "simulate").Counts);
        Assert.NotEqual(first.Seed, second.Seed);
        Assert.Empty(second.Night!.ChangedCounts);
        string changed = Assert.Single(third.Night!.ChangedCounts);
        Assert.Contains(Offset, changed, StringComparison.Ordinal);
        Assert.Contains(third.Night.FailedGates, gate => gate.StartsWith("counts: 1 ", StringComparison.Ordinal));
    }

    private static RunSummary Night(string plan, string nights, int exitCode)
    {
        Ended ended = StressProcess.Run("nightly", "--plan", plan, "--out", nights, "--json");
        Assert.True(ended.ExitCode == exitCode, ended.Output + ended.Errors);
        return ResultsJson.Read(ended.Output);
    }

    // As if the last night had seen the field 8 bytes before.
    private static void AlterHistory(string nights, long offset)
    {
        string file = Assert.Single(Directory.GetFiles(Path.Combine(nights, NightHistory.FolderName)));
        string[] lines = File.ReadAllLines(file);
        string there = $"\"{Offset}\":{offset}";
        int at = lines[^1].IndexOf(there, StringComparison.Ordinal);
        Assert.True(at > 0, lines[^1]);
        lines[^1] = lines[^1][..at] + $"\"{Offset}\":{offset - 8}" + lines[^1][(at + there.Length)..];
        File.WriteAllLines(file, lines);
    }
}
