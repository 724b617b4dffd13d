using System.Collections.Generic;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests.Results;

public sealed class BenchmarkComparisonTests
{
    [Theory]
    [InlineData(1.3, SeriesVerdict.Regression)]
    [InlineData(1 / 1.3, SeriesVerdict.Improvement)]
    [InlineData(1.0, SeriesVerdict.WithinNoise)]
    public void Of_TimesMovedByAFactor_TellsWhatItIs(double factor, SeriesVerdict verdict)
    {
        BenchmarkFile before = Timed.File(Timed.Series(seed: 1, level: 100));
        BenchmarkFile now = Timed.File(Timed.Series(seed: 2, level: 100 * factor));

        SeriesComparison compared = Assert.Single(BenchmarkComparison.Of(now, before));

        Assert.Equal(verdict, compared.Verdict);
        Assert.InRange(compared.Ratio, factor * 0.9, factor * 1.1);
    }

    [Fact]
    public void Of_TheSameThingManyTimes_IsHardlyEverARegression()
    {
        const int Runs = 200;

        int regressions = Enumerable.Range(0, Runs).Count(run => BenchmarkComparison.Of(
            Timed.File(Timed.Series((ulong)(2 * run) + 1, level: 100)),
            Timed.File(Timed.Series((ulong)(2 * run) + 2, level: 100)))[0].Verdict == SeriesVerdict.Regression);

        Assert.InRange(regressions, 0, Runs / 20);
    }

    // 6 % slower is significant by the test alone; a run whose own halves differ by 20 % cannot tell it from noise.
    [Fact]
    public void Compare_ADifferenceWithinTheBand_IsNoRegression()
    {
        BenchmarkSeries before = Timed.Series(seed: 1, level: 100, noise: 0.01);
        BenchmarkSeries now = Timed.Series(seed: 2, level: 106, noise: 0.01);

        Assert.Equal(SeriesVerdict.Regression, BenchmarkComparison.Compare(now, before, 0, 0).Verdict);
        Assert.Equal(SeriesVerdict.WithinNoise, BenchmarkComparison.Compare(now, before, 0.2, 0).Verdict);
        Assert.Equal(SeriesVerdict.WithinNoise, BenchmarkComparison.Compare(now, before, 0, 0.2).Verdict);
    }

    [Theory]
    [InlineData(2, 3, "has 6 iterations in one of the runs; a comparison needs 8")]
    [InlineData(1, 12, "was measured in one pass only, so its noise is not known")]
    public void Of_TooFewSamples_IsRefusedWithALine(int passes, int iterations, string reason)
    {
        BenchmarkFile before = Timed.File(Timed.Series(seed: 1, level: 100));
        BenchmarkFile now = Timed.File(Timed.Series(seed: 2, level: 1_000, passes, iterations));

        SeriesComparison compared = Assert.Single(BenchmarkComparison.Of(now, before));

        Assert.Equal(SeriesVerdict.NotCompared, compared.Verdict);
        Assert.Equal(reason, compared.Reason);
    }

    [Fact]
    public void Of_WhatTheBaselineHasNot_IsNotCompared()
    {
        BenchmarkFile before = Timed.File(Timed.Series(seed: 1, level: 100, name: "A.B(y)"));
        BenchmarkFile now = Timed.File(Timed.Series(seed: 2, level: 100));

        SeriesComparison compared = Assert.Single(BenchmarkComparison.Of(now, before));

        Assert.Equal(SeriesVerdict.NotCompared, compared.Verdict);
        Assert.Equal("was not timed in the baseline", compared.Reason);
    }

    [Theory]
    [InlineData(1, 100.0, SeriesVerdict.Regression)]
    [InlineData(2, 100.0, SeriesVerdict.NotCompared)]
    [InlineData(2, 1.0, SeriesVerdict.Regression)]
    public void Of_ABusyHost_ComparesSingleThreadsOnly(int threads, double loadPerProcessor, SeriesVerdict verdict)
    {
        BenchmarkFile before = Timed.File(Timed.Series(seed: 1, level: 100) with { Threads = threads });
        BenchmarkFile now = Timed.File(Timed.Series(seed: 2, level: 200) with { Threads = threads }) with
        {
            HostLoad = loadPerProcessor * HostDescription.Current.Processors,
        };

        Assert.Equal(verdict, Assert.Single(BenchmarkComparison.Of(now, before)).Verdict);
    }

    [Fact]
    public void Of_RunsOfDifferentHosts_IsRefused()
    {
        BenchmarkFile now = Timed.File(Timed.Series(seed: 1, level: 100));
        BenchmarkFile before = now with { Host = now.Host with { Processors = now.Host.Processors + 1 } };

        BenchmarkFileException e = Assert.Throws<BenchmarkFileException>(() => BenchmarkComparison.Of(now, before));

        Assert.Contains("different hosts", e.Message);
    }

    [Fact]
    public void CountsOf_SameInputs_AreComparedExactly()
    {
        var counts = new SimulatedCounts("vma/anon-fault", "stock", 2, "abc", 1_000, 10, 20, 30, 40);
        BenchmarkFile before = Timed.File() with
        {
            Simulated = [counts, counts with { Layout = "other" }, counts with { Cpus = 4 }],
        };
        BenchmarkFile now = before with
        {
            Simulated =
            [
                counts with { HitmRemote = 21, StoreMisses = 29 },
                counts with { Layout = "other" },
                counts with { Cpus = 4, Machine = "another" },
            ],
        };

        (int compared, IReadOnlyList<CountComparison> changed) = CountComparison.Of(now, before);

        Assert.Equal(2, compared);
        Assert.Equal(
            [("HITM remote", true), ("store misses", false)],
            changed.Select(count => (count.Count, count.IsRegression)));
    }
}
