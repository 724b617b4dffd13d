using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Reporting;
using Stress.Simulation;

namespace Stress.Calibration;

/// <summary>Measures what lines take from core to core.</summary>
/// <param name="topology">The host.</param>
/// <param name="samples">Samples of each time.</param>
/// <param name="progress">Sees what is measured next.</param>
internal sealed class HandOffCalibration(HostTopology topology, int samples, Action<Func<ProgressNote>> progress)
{
    private const int HandOffBytes = 16 << 10;
    private const int Rounds = 2_000;
    private const int MostPairs = 64;

    private readonly List<PairTime> _pairs = [];

    /// <summary>The hand-off of each pair of CPUs that was measured.</summary>
    public IReadOnlyList<PairTime> Pairs => _pairs;

    /// <summary>Measures every pair of CPUs, or of a large host some of each distance.</summary>
    /// <exception cref="PlatformNotSupportedException">Threads cannot be kept to CPUs here.</exception>
    public IEnumerable<MachineLine> Distances()
    {
        MeasurePairs();
        IGrouping<Distance, PairTime>[] distances =
            [.. _pairs.GroupBy(static pair => pair.Distance).OrderBy(static group => group.Key)];
        foreach (IGrouping<Distance, PairTime> pairs in distances)
        {
            Measured time = Measured.Of([.. pairs.Select(static pair => pair.Time)]);
            yield return MachineLine.Time(
                $"cas-{Name(pairs.Key)}-ns", time,
                $"one way of a line taken by compare-and-exchange, median of {pairs.Count()} pairs");
        }

        // A machine file always has the near distance; where no two such CPUs are ours, the next one stands for it.
        if (_pairs.All(static pair => pair.Distance != Distance.Near))
        {
            PairTime nearest = _pairs.MinBy(static pair => pair.Time.Nanoseconds)!;
            yield return MachineLine.Time(
                "cas-near-ns", nearest.Time, $"no two cores share an L3 here; of distance {Name(nearest.Distance)}");
        }

        foreach (IGrouping<Distance, PairTime> pairs in distances.Where(static pairs => pairs.Key != Distance.Core))
        {
            PairTime first = pairs.First();
            string name = Name(pairs.Key);
            progress(() => $"calibrate: load-modified-{name}-ns");
            Measured modified = HandOff.LoadModified(first.Cpu, first.Other, samples, HandOffBytes);
            yield return MachineLine.Time(
                $"load-modified-{name}-ns", modified,
                $"loads of {HandOffBytes >> 10} KiB that CPU {first.Other} has just modified, by CPU {first.Cpu}");
            progress(() => $"calibrate: load-clean-{name}-ns");
            yield return MachineLine.Time(
                $"load-clean-{name}-ns",
                HandOff.LoadClean(
                    first.Cpu, first.Other, Math.Max(8, samples / 8), HandOffBytes, 3L * topology.CacheBytes(3)),
                $"loads of {HandOffBytes >> 10} KiB that CPU {first.Other} has read from memory, by CPU {first.Cpu}");
            if (pairs.Key == Distance.Near)
            {
                yield return TakesOver(first, modified.Nanoseconds);
            }
        }
    }

    // One transaction or two: a load that leaves the line to its owner makes the write that follows ask again.
    private MachineLine TakesOver(PairTime pair, double loadNs)
    {
        progress(static () => "calibrate: load-takes-over-near");
        Measured loads = HandOff.ByLoadAndExchange(pair.Cpu, pair.Other, samples, Rounds);
        double handOff = pair.Time.Nanoseconds;
        return new MachineLine(
            "load-takes-over-near",
            loads.Nanoseconds < handOff + (loadNs / 2) ? "yes" : "no",
            string.Create(
                CultureInfo.InvariantCulture,
                $"measured: a hand-off takes {loads.Nanoseconds:F1} ns when threads load until it is their turn, and "
                + $"{handOff:F1} when they do not; less than half a load more counts as one transaction"));
    }

    /// <summary>Measures what two threads that want one line do beyond a hand-off: see <see cref="SharedWord"/>. After
    /// <see cref="Distances"/>.</summary>
    /// <param name="atomicNs">An atomic instruction on a line that its core owns.</param>
    public IEnumerable<MachineLine> Contention(double atomicNs)
    {
        progress(static () => "calibrate: burst-ns, overlap-ns");
        PairTime pair = _pairs.MinBy(static pair => pair.Distance == Distance.Core ? int.MaxValue : (int)pair.Distance)!;
        double handOff = pair.Time.Nanoseconds;
        double between = SharedWord.Add(pair.Cpu, pair.Other, samples, apartNs: 0).Shared.Nanoseconds / 2;
        yield return MachineLine.Derived(
            "burst-ns",
            Math.Max(0, Math.Min(atomicNs * ((handOff / between) - 1), (handOff - atomicNs) * 2 / 3)),
            string.Create(
                CultureInfo.InvariantCulture,
                $"measured: two threads that add to one word make an addition every {between:F1} ns, "
                + $"{handOff / between:F1} of them while it is handed over once"));
        double apart = Math.Max(SharedWord.ShortestPause, SharedWord.HandOffsInPause * handOff);
        (Measured shared, Measured own) = SharedWord.Add(pair.Cpu, pair.Other, samples, apart);
        double visible = Math.Max(0, shared.Nanoseconds - own.Nanoseconds);
        yield return MachineLine.Derived(
            "overlap-ns",
            Math.Max(0, handOff - atomicNs - visible),
            string.Create(
                CultureInfo.InvariantCulture,
                $"measured: two threads with {apart:F0} ns of loads between their additions lose {visible:F1} ns by each "
                + $"when it is to one word, less than the {handOff:F1} of a hand-off"));
    }

    private void MeasurePairs()
    {
        (int Cpu, int Other)[] all =
        [
            .. from cpu in topology.Cpus from other in topology.Cpus where cpu < other select (cpu, other),
        ];

        // Of a large host some pairs, evenly: all distances are among them.
        int step = Math.Max(1, all.Length / MostPairs);
        for (int i = 0; i < all.Length; i += step)
        {
            (int cpu, int other) = all[i];
            progress(() => $"calibrate: hand-off of CPUs {cpu} and {other}");
            _pairs.Add(new PairTime(
                cpu, other, topology.DistanceOf(cpu, other), HandOff.ByCompareExchange(cpu, other, samples, Rounds)));
        }
    }

    private static string Name(Distance distance) => distance switch
    {
        Distance.Core => "core",
        Distance.Near => "near",
        Distance.Socket => "socket",
        _ => "remote",
    };
}

/// <summary>A pair of CPUs, and how long a line takes from one to the other.</summary>
/// <param name="Cpu">One of them.</param>
/// <param name="Other">The other one.</param>
/// <param name="Distance">How far they are from each other.</param>
/// <param name="Time">One way.</param>
internal sealed record PairTime(int Cpu, int Other, Distance Distance, Measured Time);
