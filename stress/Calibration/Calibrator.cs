using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using Stress.Machine;
using Stress.Reporting;
using Stress.Simulation;

namespace Stress.Calibration;

/// <summary>Measures what a machine file says of this host.</summary>
/// <param name="topology">The host.</param>
/// <param name="samples">Samples of each time.</param>
/// <param name="progress">Sees what is measured next.</param>
internal sealed unsafe class Calibrator(HostTopology topology, int samples, Action<Func<ProgressNote>> progress)
{
    private const string Kernel = "the kernel, under /sys/devices/system/cpu, of the CPUs that this process may use";
    private const string Assumed = "assumed: the kernel tells nothing of the caches of this host";

    private const int HandOffBytes = 16 << 10;
    private const int OwnLoadBytes = 16 << 10;

    // Whoever polls a clock must get on.
    private const double LeastLoadNs = 0.01;
    private const int Rounds = 2_000;
    private const int PipeRounds = 200;
    private const int MostPairs = 64;
    private const int ContentPages = 16;
    private const double PairedShare = 0.75;

    private readonly List<PairTime> _pairs = [];

    /// <summary>The hand-off of each pair of CPUs that was measured.</summary>
    public IReadOnlyList<PairTime> Pairs => _pairs;

    /// <summary>Measures.</summary>
    /// <returns>All fields but the work of the fault path.</returns>
    /// <exception cref="PlatformNotSupportedException">Threads cannot be kept to CPUs here.</exception>
    public IReadOnlyList<MachineLine> Measure()
    {
        var lines = new List<MachineLine>();
        lines.AddRange(Shape());
        progress(static () => "calibrate: atomic-ns");
        Measured atomic = Atomic();
        lines.AddRange(Loads(atomic));
        lines.Add(MachineLine.Time("atomic-ns", atomic, "fetch_add on a line that its core owns"));
        lines.AddRange(HandOffs());
        lines.AddRange(Contention(atomic.Nanoseconds));
        lines.AddRange(Rest());
        return lines;
    }

    private IEnumerable<MachineLine> Shape()
    {
        bool isMoesi = topology.Vendor == "AuthenticAMD";
        yield return new MachineLine("title", $"this host: {topology.Model}, {topology.Cpus.Count} CPUs", "");
        yield return new MachineLine("protocol", isMoesi ? "moesi" : "mesif", "");
        yield return MachineLine.Count("sockets", topology.Sockets, Kernel);
        yield return MachineLine.Count("l3-per-socket", topology.L3PerSocket, Kernel);
        yield return MachineLine.Count("cores-per-l3", topology.CoresPerL3, CacheSource);
        yield return MachineLine.Count("threads-per-core", topology.ThreadsPerCore, Kernel);
        yield return MachineLine.Count("l1-bytes", topology.CacheBytes(1), CacheSource);
        yield return MachineLine.Count("l2-bytes", topology.CacheBytes(2), CacheSource);
    }

    private string CacheSource => topology.AreCachesAssumed ? Assumed : Kernel;

    private IEnumerable<MachineLine> Loads(Measured atomic)
    {
        int l2 = topology.CacheBytes(2) / 2;
        long l3 = Math.Max(topology.CacheBytes(3) / 8, 2L * topology.CacheBytes(2));
        long memory = 4L * topology.CacheBytes(3);
        progress(static () => "calibrate: l1-ns");
        double beside = Math.Max(LeastLoadNs, (Read().Nanoseconds - atomic.Nanoseconds) / OwnedLine.LoadsBetween);
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

    private Measured Read()
    {
        long* words = (long*)NativeMemory.AlignedAlloc(OwnLoadBytes, 4096);
        NativeMemory.Clear(words, OwnLoadBytes);
        try
        {
            return PinnedThread.Run(
                topology.Cpus[0],
                () => Measured.Of(Enumerable.Range(0, samples)
                    .Select(_ => OwnedLine.AddAndRead(words, OwnLoadBytes / sizeof(long), 10)).ToArray()));
        }
        finally
        {
            NativeMemory.AlignedFree(words);
        }
    }

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

    private IEnumerable<MachineLine> HandOffs()
    {
        MeasurePairs();
        foreach (IGrouping<Distance, PairTime> pairs in _pairs.GroupBy(static pair => pair.Distance)
                     .OrderBy(static group => group.Key))
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

        foreach (IGrouping<Distance, PairTime> pairs in _pairs.GroupBy(static pair => pair.Distance)
                     .OrderBy(static group => group.Key))
        {
            if (pairs.Key == Distance.Core)
            {
                continue;
            }

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

    // What two threads that want one line do beyond a hand-off: see SharedWord.
    private IEnumerable<MachineLine> Contention(double atomicNs)
    {
        progress(static () => "calibrate: burst-ns, overlap-ns");
        PairTime pair = _pairs.MinBy(static pair => pair.Distance == Distance.Core ? int.MaxValue : (int)pair.Distance)!;
        double handOff = pair.Time.Nanoseconds;
        double between = SharedWord.Add(pair.Cpu, pair.Other, samples, apartNs: 0).Shared.Nanoseconds / 2;
        yield return MachineLine.Derived(
            "burst-ns",
            Math.Clamp(atomicNs * ((handOff / between) - 1), 0, (handOff - atomicNs) * 2 / 3),
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

    private Measured Atomic()
    {
        long* word = (long*)NativeMemory.AlignedAlloc(128, 128);
        try
        {
            return PinnedThread.Run(
                topology.Cpus[0],
                () => Measured.Of(Enumerable.Range(0, samples).Select(_ => OwnedLine.Add(word, 10_000)).ToArray()));
        }
        finally
        {
            NativeMemory.AlignedFree(word);
        }
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

    private IEnumerable<MachineLine> Rest()
    {
        yield return MachineLine.Count(
            "store-buffer", 48,
            "not measured: between the 42 to 56 of Intel's cores of the time and the 44 to 64 of AMD's Zen, "
            + "by their manuals");
        yield return SmtSlowdown();
        int first = topology.Cpus[0];
        int second = topology.Cpus.Where(cpu => cpu != first)
            .MaxBy(cpu => topology.DistanceOf(first, cpu) == Distance.Core ? 0 : 1);
        progress(static () => "calibrate: context-switch-ns");
        Measured same = PipeHandOff.Measure(first, first, samples, PipeRounds);
        yield return MachineLine.Time(
            "context-switch-ns", same,
            "a byte through a pipe to a thread of the same CPU, one way, with its system calls");
        progress(static () => "calibrate: wake-ns");
        Measured across = PipeHandOff.Measure(first, second, samples, PipeRounds);
        yield return MachineLine.Derived(
            "wake-ns",
            Math.Max(0, across.Nanoseconds - same.Nanoseconds),
            $"measured: the same to a thread of another CPU takes {across.Nanoseconds:F0} ns, less the context switch");
        progress(static () => "calibrate: work clear_page");
        yield return MachineLine.Time("work clear_page", ClearPage(), $"4 KiB, {ContentPages} pages in turns");
    }

    private MachineLine SmtSlowdown()
    {
        int first = topology.Cpus[0];
        int sibling = topology.Cpus.FirstOrDefault(
            cpu => cpu != first && topology.DistanceOf(first, cpu) == Distance.Core, defaultValue: -1);
        if (sibling < 0)
        {
            return new MachineLine("smt-slowdown", "1", "no two CPUs of one core are ours");
        }

        double alone = ComputeBeside(first, []);
        double together = ComputeBeside(first, [sibling]);
        return new MachineLine(
            "smt-slowdown",
            Math.Max(1, together / alone).ToString("0.###", CultureInfo.InvariantCulture),
            $"measured: a computation without memory, with and without the same on CPU {sibling}");
    }

    private double ComputeBeside(int cpu, int[] others) => PinnedThread.Run(cpu, () =>
    {
        using var pool = new Machine.Native.WorkerPool(1 + others.Length, [cpu, .. others]);
        return Measured.Of(Enumerable.Range(0, samples).Select(_ =>
        {
            double time = 0;
            pool.Run(worker =>
            {
                double own = OwnedLine.Compute(100_000);
                if (worker == 0)
                {
                    time = own;
                }
            });
            return time;
        }).ToArray()).Nanoseconds;
    });

    private Measured ClearPage()
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)(ContentPages * ICpuContext.PageBytes), 4096);
        try
        {
            return PinnedThread.Run(
                topology.Cpus[0],
                () => Measured.Of(
                    Enumerable.Range(0, samples).Select(_ => OwnedLine.Clear(memory, ContentPages, 20)).ToArray()));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
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
