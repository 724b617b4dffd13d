using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Results;

namespace Stress.Cli.Tests.Results;

/// <summary>Series and files as benchmarks leave them, from a seed.</summary>
internal static class Timed
{
    /// <summary>Times around a level; every pass is off by a part of its own, and every iteration by a little more.
    /// </summary>
    public static BenchmarkSeries Series(
        ulong seed, double level, int passes = 8, int iterations = 12, double noise = 0.05, string name = "A.B(x)",
        string layout = "stock")
    {
        var random = new Xoshiro256(seed);
        return new BenchmarkSeries
        {
            Name = name,
            Group = name.Split('.')[0],
            Layout = layout,
            Threads = 1,
            Passes =
            [
                .. Enumerable.Range(0, passes).Select(_ =>
                {
                    double pass = level * (1 + (noise * Share(ref random)));
                    return (IReadOnlyList<double>)
                        [.. Enumerable.Range(0, iterations).Select(_ => pass * (1 + (noise * Share(ref random))))];
                }),
            ],
        };
    }

    public static BenchmarkFile File(params IReadOnlyList<BenchmarkSeries> series) => new()
    {
        Schema = BenchmarkFile.CurrentSchema,
        Host = HostDescription.Current,
        Series = series,
    };

    private static double Share(ref Xoshiro256 random) => (random.Next() >> 11) * (1.0 / (1UL << 53));
}
