using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class SimulateTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private static readonly string[] s_small =
        ["simulate", "vma/anon-fault", "--layouts", "stock,embedded-line4", "--cpus", "1,3", "--operations", "40", "--iterations", "2"];

    [Fact]
    public void Simulate_TwoLayouts_PrintsThemAsMmtestsDoes()
    {
        Ended ended = StressProcess.Run([.. s_small, "--out", folder.Location]);

        Assert.Equal(0, ended.ExitCode);
        string[] rates = [.. ended.Output.Split('\n').Where(line => line.StartsWith("Hmean     ", StringComparison.Ordinal))];
        Assert.Equal(4, rates.Length);
        Assert.All(rates, line => Assert.Matches(
            @"^Hmean     faults/(cpu|sec)-[13] +\d+\.\d{4} \( +0\.00%\) +\d+\.\d{4} [(*] *-?\d+\.\d\d%[)*]$", line));
        Assert.Contains("Shared Data Cache Line Table", ended.Output);
        Assert.Contains("Field card: ", ended.Output);
        Assert.Contains("  its lock    vm_lock, taken ", ended.Output);
        Assert.Matches(@"if moved +alone, to a pair of lines of its own: \d+ -> \d+ faults/sec", ended.Output);
        Assert.All(
            ended.Output.Split('\n').Where(line => !line.StartsWith("Reproduce", StringComparison.Ordinal)),
            line => Assert.InRange(line.Length, 0, 140));
    }

    [Fact]
    public void Simulate_VariantThatBreaks_IsAFinding()
    {
        Ended ended = StressProcess.Run(
            "simulate", "vma/anon-fault", "--layouts", "refill-unlocked", "--cpus", "8", "--out", folder.Location);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("finding    refill-unlocked on 8 CPUs: bug: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Reproduce: ", ended.Output, StringComparison.Ordinal);
        Assert.Empty(ended.Errors);
    }

    [Fact]
    public void Simulate_VariantThatGetsNowhere_IsAFinding()
    {
        Ended ended = StressProcess.Run(
            "simulate", "hugetlb/region-add", "--layouts", "upstream", "--cpus", "3", "--operations", "300",
            "--watchdog", "10ms", "--out", folder.Location);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(
            "finding    upstream on 3 CPUs: hang: no task has ended an operation for 10 ms", ended.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Simulate_ScenarioWithAWorker_CountsTheOthersOnly()
    {
        Ended ended = StressProcess.Run(
            "simulate", "vma/fault-vs-mprotect", "--cpus", "1,4", "--operations", "100", "--out", folder.Location);

        Assert.Equal(0, ended.ExitCode);
        Assert.Matches(@"\nHmean     ops/sec-4 +\d", ended.Output);
        Assert.Contains("400 ops", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Simulate_NoCpuLeftForTheWorker_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("simulate", "vma/fault-vs-mprotect", "--cpus", "4,56"),
            "of the 56 CPUs of broadwell-ep-2s, vma/fault-vs-mprotect needs 1 for its worker, which leaves 55", "56 are");

    [Fact]
    public void Simulate_InterruptedInARun_EndsThere()
    {
        string results = Path.Combine(folder.Location, "cut");
        Directory.CreateDirectory(results);
        using Process process = StressProcess.Start(
            results, "simulate", "vma/anon-fault", "--operations", "100000000", "--out", results);
        while (!process.HasExited && !StoredRun.All(results).Any())
        {
            Thread.Sleep(20);
        }

        StressProcess.Interrupt(process);
        Ended ended = StressProcess.WaitFor(process);

        Assert.Equal(130, ended.ExitCode);
        Assert.Equal(RunStates.Interrupted, Assert.Single(StoredRun.All(results)).Summary.State);
    }

    [Fact]
    public void Simulate_Twice_CountsTheSame()
    {
        SimulationFigures one = Figures("--seed", "7");
        SimulationFigures two = Figures("--seed", "7");

        Assert.Equal(ResultsJson.Write(Alone(one)), ResultsJson.Write(Alone(two)));
        Assert.NotEqual(ResultsJson.Write(Alone(one)), ResultsJson.Write(Alone(Figures("--seed", "8"))));
    }

    [Fact]
    public void Simulate_Json_HasACellForEachLayoutAndNumberOfCpus()
    {
        SimulationFigures figures = Figures();

        Assert.Equal(
            [("stock", 1), ("embedded-line4", 1), ("stock", 3), ("embedded-line4", 3)],
            figures.Cells.Select(cell => (cell.Layout, cell.Cpus)));
        Assert.All(figures.Cells, cell => Assert.True(cell.PerSecond > 0 && cell.SystemSeconds > 0));
        SimulationCellFigures three = figures.Cells[2];
        Assert.Contains(three.Lines, line => line.Object == "vma_lock" && line.Words.Any(
            word => word is { Field: "Lock.Count", StoreMisses: > 0 }));
        Assert.Equal(0, figures.Cells[0].Change);
    }

    [Fact]
    public void Simulate_Validated_StandsBesideTheMeasurement()
    {
        Ended ended = StressProcess.Run([.. s_small, "--validate", "--json", "--out", folder.Location]);

        SimulationFigures figures = Assert.Single(ResultsJson.Read(ended.Output).Items).Simulated!;
        ValidationFigures stock = figures.Validation!.First(row => row.What == "faults/sec stock");
        Assert.Equal((1, 470924.4946), (stock.Cpus, stock.Measured));
        Assert.Equal(figures.Cells[0].PerSecond, stock.Predicted);
        Assert.Equal(4, figures.Validation!.Count);
    }

    [Fact]
    public void Simulate_Page_NeedsNoNetworkAndNamesWhatItShows()
    {
        Ended ended = StressProcess.Run([.. s_small, "--json", "--out", folder.Location]);

        string run = Path.Combine(folder.Location, ResultsJson.Read(ended.Output).Run!);
        string page = File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(run, "simulation"), "*.html")));
        Assert.DoesNotMatch(new Regex("<[a-z][^>]*\\s(src|href)\\s*=|@import|url\\("), page);
        Assert.Contains("vma/anon-fault: operations a second by number of CPUs", page);
        Assert.Contains("\"name\":\"embedded-line4\"", page);
        Assert.Contains("<td class=\"text\">embedded-line4</td>", page);
    }

    [Theory]
    [InlineData("--machine pdp-11", "unknown machine 'pdp-11'", "broadwell-ep-2s")]
    [InlineData("--cpus 0", "--cpus: '0'", "from 1")]
    [InlineData("--cpus 57", "broadwell-ep-2s has 56 CPUs", "57")]
    [InlineData("--layouts stock,embeded-line4", "unknown variant 'embeded-line4'", "did you mean 'embedded-line4'?")]
    [InlineData("--layouts ,", "--layouts", "stock")]
    [InlineData("--prefetch maybe", "'maybe' is not available", "on, off")]
    [InlineData("--operations none", "--operations: 'none'", "from 1")]
    [InlineData("--validate --layouts stock", "--validate", "embedded-line4")]
    public void Simulate_WrongArguments_IsOneLineAndExitCode2(string arguments, string what, string how)
        => Refusal.AssertRefused(
            StressProcess.Run(["simulate", "vma/anon-fault", .. arguments.Split(' ')]), what, how);

    [Theory]
    [InlineData("protocol          mesif", "protocol          dragon", "protocol is 'dragon'", "mesif, moesi")]
    [InlineData("l2-ns ", "# l2-ns ", "l2-ns is missing", "")]
    [InlineData("l1-bytes          32768", "l1-bytes          -32768", "l1-bytes is '-32768'", "from 64")]
    [InlineData("cas-near-ns       45.2 ", "cas-near-ns       -45.2 ", "cas-near-ns", "negative")]
    [InlineData("sockets           2 ", "sockets           two ", "sockets is 'two'", "whole number")]
    [InlineData("l3-ns             14      |", "l3-ns             14      #", "l3-ns", "")]
    [InlineData("smt-slowdown ", "smt-slow-down ", "smt-slowdown is missing", "")]
    public void Simulate_WrongMachineFile_NamesFileLineAndField(string right, string wrong, string what, string how)
    {
        string text = MachineText();
        Assert.Contains(right, text);
        string file = Path.Combine(folder.Location, $"{Guid.NewGuid():N}.machine");
        Directory.CreateDirectory(folder.Location);
        File.WriteAllText(file, text.Replace(right, wrong, StringComparison.Ordinal));

        Ended ended = StressProcess.Run("simulate", "vma/anon-fault", "--machine", file, "--cpus", "1");

        Refusal.AssertRefused(ended, file, "line ", what, how);
        Assert.Matches(@"line \d+: ", ended.Errors);
    }

    private static string MachineText()
    {
        using Stream stream = typeof(Simulation.MachineLibrary).Assembly
            .GetManifestResourceStream("machines/broadwell-ep-2s")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private SimulationFigures Figures(params string[] more)
        => Assert.Single(ResultsJson.Read(
            StressProcess.Run([.. s_small, .. more, "--json", "--out", folder.Location]).Output).Items).Simulated!;

    // The figures as a document, for comparison.
    private static RunSummary Alone(SimulationFigures figures) => new()
    {
        Run = null,
        Folder = null,
        Tool = "stress",
        CommandLine = [],
        Host = HostDescription.Current,
        Seed = 1,
        Started = DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture),
        Items =
        [
            new RunItem
            {
                Machine = "simulate",
                Scenario = "vma/anon-fault",
                ScenarioVersion = 1,
                Variant = "",
                Expected = "",
                Verdict = "",
                Outcome = "",
                IsAsExpected = true,
                Seed = 1,
                ElapsedSeconds = 0,
                Simulated = figures,
                Reproduce = "",
            },
        ],
    };
}
