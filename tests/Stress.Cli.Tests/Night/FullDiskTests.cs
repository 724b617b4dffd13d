using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>A night on a disk that becomes full.</summary>
public sealed class FullDiskTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    // $1 is where the disk goes, $2 a folder for what is left, $3 the tool, $4 the plan. The disk has room for the run's
    // folder and some items; then it is made larger.
    private const string Script =
        """
        mkdir -p "$1" && mount -t tmpfs -o size=SIZEk tmpfs "$1" || exit 99
        dotnet "$3" nightly --plan "$4" --out "$1/results"
        echo "exit $?" >&2
        cp -a "$1/results" "$2/full"
        mount -o remount,size=64m "$1" || exit 99
        dotnet "$3" nightly --resume --out "$1/results"
        echo "exit $?" >&2
        cp -a "$1/results" "$2/resumed"
        """;

    [FullDiskFact]
    public void Nightly_DiskBecomesFull_KeepsWhatItHasAndGoesOnWithRoom()
    {
        string plan = SmallPlan.WithBug(Path.Combine(folder.Location, "full.json"));

        Ended ended = OnDisk(plan, kilobytes: 160);

        string[] exits = [.. ended.ErrorLines.Where(line => line.StartsWith("exit ", StringComparison.Ordinal))];
        Assert.Equal(["exit 3", "exit 0"], exits);
        Assert.Contains("results cannot be written: ", ended.Errors);
        Assert.Contains("nightly --resume", ended.Errors);
        StoredRun full = Assert.Single(StoredRun.All(Path.Combine(folder.Location, "full")));
        StoredRun resumed = Assert.Single(StoredRun.All(Path.Combine(folder.Location, "resumed")));
        Assert.InRange(full.Summary.Items.Count, 1, SmallPlan.Items - 1);
        Assert.Equal(SmallPlan.Items, resumed.Summary.Items.Count);
        Assert.Equal(
            full.Summary.Items.Select(item => (item.Key, item.Outcome)),
            resumed.Summary.Items.Take(full.Summary.Items.Count).Select(item => (item.Key, item.Outcome)));
    }

    private Ended OnDisk(string plan, int kilobytes)
    {
        string script = Script.Replace("SIZE", kilobytes.ToString(), StringComparison.Ordinal);
        string tool = Path.Combine(AppContext.BaseDirectory, "stress.dll");
        IEnumerable<string> arguments =
            ["-rm", "bash", "-c", script, "bash", Path.Combine(folder.Location, "disk"), folder.Location, tool, plan];
        using Process process = Process.Start(new ProcessStartInfo(FullDiskFactAttribute.Unshare, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        return StressProcess.WaitFor(process);
    }
}
