using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed partial class HammerTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const int InterruptSignal = 2;
    private const int TerminateSignal = 15;

    [Fact]
    public void Hammer_CorrectVariant_ReportsWhatWasDone()
    {
        Ended ended = StressProcess.Run(
            "hammer", "hugetlb/region-add", "--variant", "upstream-fixed", "--duration", "500ms",
            "--out", folder.Location);

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        Assert.Contains("operations/s", ended.Output);
        Assert.Contains("p99.9", ended.Output);
        Assert.Contains("lock class", ended.Output);
        Assert.Contains("no finding", ended.Output);
        Assert.Contains("Reproduce: ", ended.Output);
    }

    [Fact]
    public void Hammer_Json_HoldsTheFigures()
    {
        Ended ended = StressProcess.Run(
            "hammer", "hugetlb/region-add", "--variant", "upstream-fixed", "--duration", "300ms", "--threads", "2",
            "--pin",
            "--perturb", "0.01", "--fail-alloc", "0.01", "--json", "--out", folder.Location);

        RunItem item = ResultsJson.Read(ended.Output).Items.Single();
        Assert.Equal(Verdicts.NoFinding, item.Verdict);
        Assert.True(item.Hammered!.Operations > 0);
        Assert.NotEmpty(item.Hammered.Locks);
    }

    [Theory]
    [InlineData(InterruptSignal)]
    [InlineData(TerminateSignal)]
    public void Hammer_Interrupted_WritesWhatItHas(int signal)
    {
        string results = Path.Combine(folder.Location, $"signal-{signal}");
        using Process process = StressProcess.Start(
            folder.Location,
            "hammer", "hugetlb/region-add", "--variant", "upstream-fixed", "--duration", "1h", "--json",
            "--out", results);
        // The handler is there before the folder is.
        Assert.True(SpinWait.SpinUntil(() => Directory.Exists(Path.Combine(results, "latest")), 30_000));
        Thread.Sleep(500);
        Assert.Equal(0, Kill(process.Id, signal));
        Ended ended = StressProcess.WaitFor(process);

        Assert.Equal(130, ended.ExitCode);
        RunSummary printed = ResultsJson.Read(ended.Output);
        RunSummary written = ResultsJson.Read(File.ReadAllText(Path.Combine(results, "latest", "summary.json")));
        Assert.Equal(RunStates.Interrupted, written.State);
        Assert.Equal(130, written.ExitCode);
        Assert.Equal(printed.Run, written.Run);
        Assert.Equal(Verdicts.Interrupted, Assert.Single(written.Items).Verdict);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
