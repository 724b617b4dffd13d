using System;
using System.Numerics;

namespace Stress.Machine.Native;

/// <summary>Counts durations in buckets whose width grows with the duration: each value is known to 1/32.</summary>
/// <remarks>
/// Values below 32 have a bucket each; above, every power of two is divided into 32 equal buckets. Recording is O(1)
/// and takes no lock: one thread records, and histograms are added when their threads have ended.
/// Source: the bucket scheme of HdrHistogram (Tene).
/// </remarks>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 5;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] _counts = new long[(64 - SubBucketBits + 1) * SubBuckets];

    /// <summary>How many values were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value recorded; 0 when there is none.</summary>
    public long Max { get; private set; }

    internal LinePadding Padding { get; }

    /// <summary>Counts a value.</summary>
    /// <param name="nanoseconds">Below 0 counts as 0.</param>
    public void Record(long nanoseconds)
    {
        long value = Math.Max(0, nanoseconds);
        _counts[BucketOf((ulong)value)]++;
        Count++;
        if (value > Max)
        {
            Max = value;
        }
    }

    /// <summary>Adds the counts of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The value that a fraction of all recorded values does not exceed, to 1/32 above it.</summary>
    /// <param name="fraction">From 0 to 1, such as 0.999.</param>
    /// <returns>In nanoseconds, at most <see cref="Max"/>; 0 when nothing was recorded.</returns>
    public long Percentile(double fraction)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fraction, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fraction, 1);
        long rank = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return (long)Math.Min((ulong)Max, LastOf(i));
            }
        }

        return Max;
    }

    private static int BucketOf(ulong value)
    {
        int shift = Math.Max(0, BitOperations.Log2(value | 1) - SubBucketBits);
        return (shift << SubBucketBits) + (int)(value >> shift);
    }

    /// <summary>The largest value of a bucket.</summary>
    private static ulong LastOf(int bucket)
    {
        int shift = Math.Max(0, (bucket >> SubBucketBits) - 1);
        ulong first = (ulong)(bucket - (shift << SubBucketBits));
        return unchecked(((first + 1) << shift) - 1);
    }
}
