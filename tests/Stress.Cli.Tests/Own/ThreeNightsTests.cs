using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>A bug comes and goes: the code as it is, with a mistake put in, and repaired.</summary>
[Collection(Repository.Builds)]
public sealed class ThreeNightsTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const string Place = "own/sequence-lock@correct";

    [Fact]
    public async Task Script_TellsOfTheBugAsNewAndThenAsGone()
    {
        await RunScript();

        StoredRun[] nights = [.. StoredRun.All(Path.Combine(folder.Location, "nights"))];
        Assert.Equal([0, 1, 0], nights.Select(night => night.Summary.ExitCode));
        Assert.DoesNotContain(nights[0].Summary.Night!.Ledger, IsTheBug);
        LedgerLine fresh = Assert.Single(nights[1].Summary.Night!.Ledger, IsTheBug);
        Assert.Equal(LedgerStates.New, fresh.State);
        Assert.True(File.Exists(Path.Combine(nights[1].Location, fresh.Story!)), fresh.Story);
        Assert.Contains(" replay ", fresh.Reproduce, StringComparison.Ordinal);
        Assert.Equal(LedgerStates.Gone, Assert.Single(nights[2].Summary.Night!.Ledger, IsTheBug).State);
        string report = File.ReadAllText(Path.Combine(nights[1].Location, "report.html"));
        Assert.Contains(">NEW</span>explore own/sequence-lock correct", report, StringComparison.Ordinal);
        Assert.Contains("a reader sees both values or none", report, StringComparison.Ordinal);
    }

    private static bool IsTheBug(LedgerLine line) => !line.IsExpected && line.Places.Contains(Place);

    private async Task RunScript()
    {
        using Process process = Process.Start(new ProcessStartInfo("bash")
        {
            ArgumentList = { Path.Combine(Repository.Root, "deploy", "three-nights.sh"), folder.Location },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
    }
}
