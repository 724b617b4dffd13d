using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests.Results;

public sealed class NoiseBandTests
{
    [Theory]
    [InlineData(2.0, 3.0, 1.0, 2.0)]
    [InlineData(2.5, 4.0, 1.0, 2.0, 3.0)]
    public void Median_OfValues_IsTheMiddleOne(double middle, params double[] values)
        => Assert.Equal(middle, Medians.Of(values));

    [Fact]
    public void DifferenceFromItself_PassesThatTakeTurns_IsThatOfTheirMedians()
    {
        BenchmarkSeries series = Of("A.B(x)", [100, 110, 90], [120, 130, 110], [100, 100, 100], [120, 120, 120]);

        Assert.Equal(0.2, Medians.DifferenceFromItself(series)!.Value, precision: 10);
    }

    [Fact]
    public void DifferenceFromItself_OnePass_IsUnknown()
        => Assert.Null(Medians.DifferenceFromItself(Of("A.B(x)", [100, 110])));

    [Fact]
    public void Of_ARun_IsTheOwnDifferenceOrThatOfNineInTen()
    {
        BenchmarkSeries[] quiet =
        [
            .. Enumerable.Range(0, 9).Select(i => Of($"A.B({i})", [100], [101])),
        ];
        BenchmarkSeries loud = Of("A.B(loud)", [100], [150]);

        var bands = new NoiseBand([.. quiet, loud]);

        Assert.Equal(0.01, bands.Of("A.B(0)")!.Value, precision: 10);
        Assert.Equal(0.5, bands.Of("A.B(loud)")!.Value, precision: 10);
        Assert.Null(bands.Of("A.B(unknown)"));
    }

    [Fact]
    public void Ratio_OfALayoutThatIsSlower_HasItInItsInterval()
    {
        BenchmarkSeries stock = Timed.Series(seed: 1, level: 100);
        BenchmarkSeries other = Timed.Series(seed: 2, level: 120, layout: "other");

        RatioEstimate ratio = RatioEstimate.Of(other, stock)!;

        Assert.True(ratio.Holds(1.2), ratio.ToString());
        Assert.False(ratio.Holds(1.0), ratio.ToString());
        Assert.InRange(ratio.Ratio, ratio.Low, ratio.High);
        Assert.Null(RatioEstimate.Of(Timed.Series(seed: 1, level: 1, passes: 2), stock));
    }

    // What slows a whole pass down slows both of its series: the ratio does not see it.
    [Fact]
    public void Ratio_WhenThePaceOfTheHostChanges_StaysNarrow()
    {
        RatioEstimate ratio = RatioEstimate.Of(Of("A.B(x)", [110], [220], [330]), Of("A.B(y)", [100], [200], [300]))!;

        Assert.Equal(1.1, ratio.Low, precision: 6);
        Assert.Equal(1.1, ratio.High, precision: 6);
    }

    private static BenchmarkSeries Of(string name, params double[][] passes)
        => new() { Name = name, Group = "A", Passes = passes };
}
