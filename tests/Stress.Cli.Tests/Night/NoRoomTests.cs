using System;
using System.Diagnostics;
using System.IO;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>Nights whose results have no room, or no place.</summary>
public sealed class NoRoomTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void Nightly_FilesLargerThanTheLimit_EndsWith3AndGoesOnWithRoom()
    {
        string results = Path.Combine(folder.Location, "full");
        string plan = SmallPlan.WithBug(Path.Combine(folder.Location, "full.json"));

        // The runtime maps its code from a file that is beyond the limit too, unless told not to.
        string command = "trap '' XFSZ; ulimit -f 8; export DOTNET_EnableWriteXorExecute=0; exec dotnet \"$@\"";
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string tool = Path.Combine(AppContext.BaseDirectory, "stress.dll");
        foreach (string arg in (string[])["-c", command, "bash", tool, "nightly", "--plan", plan, "--out", results])
        {
            start.ArgumentList.Add(arg);
        }

        using Process process = Process.Start(start)!;
        Ended ended = StressProcess.WaitFor(process);

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("ulimit -f", Assert.Single(ended.ErrorLines));
        Assert.Contains("nightly --resume", ended.Errors);
        Assert.Equal(0, StressProcess.Run("nightly", "--resume", "--out", results).ExitCode);
        Assert.Equal(SmallPlan.Items, Assert.Single(StoredRun.All(results)).Summary.Items.Count);
    }

    [Fact]
    public void Nightly_FolderThatCannotBeMade_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("nightly", "--plan", "quick", "--out", "/proc/nights"),
            "--out",
            "cannot make a run's folder in '/proc/nights'");
}
