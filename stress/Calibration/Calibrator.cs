using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
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

    private const int PipeRounds = 200;
    private const int ContentPages = 16;

    private readonly HandOffCalibration _handOffs = new(topology, samples, progress);

    /// <summary>The hand-off of each pair of CPUs that was measured.</summary>
    public IReadOnlyList<PairTime> Pairs => _handOffs.Pairs;

    /// <summary>Measures.</summary>
    /// <returns>All fields but the work of the fault path.</returns>
    /// <exception cref="PlatformNotSupportedException">Threads cannot be kept to CPUs here.</exception>
    public IReadOnlyList<MachineLine> Measure()
    {
        var lines = new List<MachineLine>();
        lines.AddRange(Shape());
        progress(static () => "calibrate: atomic-ns");
        Measured atomic = Atomic();
        lines.AddRange(new CacheCalibration(topology, samples, progress).Measure(atomic.Nanoseconds));
        lines.Add(MachineLine.Time("atomic-ns", atomic, "fetch_add on a line that its core owns"));
        lines.AddRange(_handOffs.Distances());
        lines.AddRange(_handOffs.Contention(atomic.Nanoseconds));
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

    private Measured Atomic() => OwnMemory.Measure(
        topology.Cpus[0], samples, sizeof(long), memory => OwnedLine.Add((long*)memory, 10_000));

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

    private double ComputeBeside(int cpu, int[] others) => PinnedPool.Run(
        [cpu, .. others],
        pool => Measured.Of(Enumerable.Range(0, samples)
            .Select(_ => pool.TimeOfFirst(static _ => OwnedLine.Compute(100_000))).ToArray()).Nanoseconds);

    private Measured ClearPage() => OwnMemory.Measure(
        topology.Cpus[0], samples, ContentPages * ICpuContext.PageBytes,
        memory => OwnedLine.Clear((byte*)memory, ContentPages, 20));
}
