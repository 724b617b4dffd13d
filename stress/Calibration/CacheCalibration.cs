using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Reporting;

namespace Stress.Calibration;

/// <summary>Measures the loads of one core: what its caches and the memory take.</summary>
/// <param name="topology">The host.</param>
/// <param name="samples">Samples of each time.</param>
/// <param name="progress">Sees what is measured next.</param>
internal sealed unsafe class CacheCalibration(HostTopology topology, int samples, Action<Func<ProgressNote>> progress)
{
    private const int OwnLoadBytes = 16 << 10;
    private const double PairedShare = 0.75;

    // Whoever polls a clock must get on.
    private const double LeastLoadNs = 0.01;

    /// <summary>Measures.</summary>
    /// <param name="atomicNs">An atomic instruction on a line that its core owns.</param>
    /// <exception cref="PlatformNotSupportedException">Threads cannot be kept to CPUs here.</exception>
    public IEnumerable<MachineLine> Measure(double atomicNs)
    {
        int l2 = topology.CacheBytes(2) / 2;
        long l3 = Math.Max(topology.CacheBytes(3) / 8, 2L * topology.CacheBytes(2));
        long memory = 4L * topology.CacheBytes(3);
        progress(static () => "calibrate: l1-ns");
        double beside = Math.Max(LeastLoadNs, (Read().Nanoseconds - atomicNs) / OwnedLine.LoadsBetween);
        yield return MachineLine.Derived(
            "l1-ns",
            beside,
            $"measured: what a load of {OwnLoadBytes >> 10} KiB adds where {OwnedLine.LoadsBetween} follow each fetch_add, "
            + "about as many as in a fault, and wait for nothing");
        yield return Load("l2-ns", l2);
        yield return Load("l3-ns", l3);
        Measured alone = Chase(memory, inPairs: false);
        yield return MachineLine.Time("dram-local-ns", alone, How(memory));
        progress(static () => "calibrate: pairs of lines");
        Measured paired = Chase(memory, inPairs: true);
        bool fetches = paired.Nanoseconds < PairedShare * alone.Nanoseconds;
        yield return new MachineLine(
            "fetches-pairs",
            fetches ? "yes" : "no",
            $"measured: loads of a line and then of the lower one of its pair take {paired.Nanoseconds:F1} ns on "
            + $"average, of lines anywhere {alone.Nanoseconds:F1}; below {PairedShare:P0} of it counts as fetched together");
    }

    private Measured Read() => OwnMemory.Measure(
        topology.Cpus[0], samples, OwnLoadBytes,
        memory => OwnedLine.AddAndRead((long*)memory, OwnLoadBytes / sizeof(long), 10));

    private MachineLine Load(string key, long bytes)
    {
        progress(() => $"calibrate: {key}");
        return MachineLine.Time(key, Chase(bytes, inPairs: false), How(bytes));
    }

    private static string How(long bytes)
        => $"each load waits for the one before, {bytes >> 10} KiB, in random order within windows of 1 MiB";

    private Measured Chase(long bytes, bool inPairs) => PinnedThread.Run(topology.Cpus[0], () =>
    {
        using var chain = new LineChain(bytes, seed: 1, inPairs);
        int loads = Math.Clamp(chain.Lines, 2_000, 32_768);
        chain.Touch();
        chain.Walk(Math.Min(chain.Lines, 1 << 18));
        return Measured.Of(Enumerable.Range(0, samples).Select(_ => chain.Walk(loads)).ToArray());
    });
}
