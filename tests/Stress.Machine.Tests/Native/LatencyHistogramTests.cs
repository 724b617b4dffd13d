using System.Linq;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

/// <summary>Percentiles of known data, to the histogram's precision of 1/32.</summary>
public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_OneToTenThousand_IsKnownToOneInThirtyTwo()
    {
        LatencyHistogram histogram = Of(Enumerable.Range(1, 10_000).Select(value => (long)value).ToArray());

        AssertNear(5_000, histogram.Percentile(0.5));
        AssertNear(9_000, histogram.Percentile(0.9));
        AssertNear(9_900, histogram.Percentile(0.99));
        AssertNear(9_990, histogram.Percentile(0.999));
        Assert.Equal(10_000, histogram.Percentile(1));
        Assert.Equal(10_000, histogram.Max);
        Assert.Equal(10_000, histogram.Count);
    }

    [Fact]
    public void Percentile_SmallValues_AreExact()
    {
        LatencyHistogram histogram = Of(0, 1, 2, 3, 30, 31, 32, 63);

        Assert.Equal(0, histogram.Percentile(0));
        Assert.Equal(3, histogram.Percentile(0.5));
        Assert.Equal(31, histogram.Percentile(0.75));
        Assert.Equal(63, histogram.Percentile(1));
    }

    [Fact]
    public void Percentile_Empty_IsZero() => Assert.Equal(0, Of().Percentile(0.99));

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 40)]
    [InlineData((1L << 40) - 1)]
    public void Percentile_OneLargeValue_IsThatValue(long value)
        => Assert.Equal(value, Of(value).Percentile(0.5));

    [Fact]
    public void Record_BelowZero_CountsAsZero() => Assert.Equal(0, Of(-5).Percentile(1));

    [Fact]
    public void Add_Other_CountsBoth()
    {
        LatencyHistogram sum = Of(1, 2);
        sum.Add(Of(1_000, 31));

        Assert.Equal(4, sum.Count);
        Assert.Equal(1_000, sum.Max);
        Assert.Equal(2, sum.Percentile(0.5));
        Assert.Equal(31, sum.Percentile(0.75));
    }

    private static void AssertNear(long expected, long actual)
        => Assert.InRange(actual, expected, expected + (expected / 32) + 1);

    private static LatencyHistogram Of(params long[] values)
    {
        var histogram = new LatencyHistogram();
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }
}
