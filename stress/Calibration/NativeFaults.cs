using System;
using System.Diagnostics;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Mm.Faults;
using Stress.Mm.Vma;

namespace Stress.Calibration;

/// <summary>The fault path as the host runs it, by one thread.</summary>
internal static class NativeFaults
{
    private const int WarmUpSlices = 400;

    // The code is compiled twice on its way to the fastest, each time after a pause in which nothing new was compiled.
    private static readonly TimeSpan s_compilation = TimeSpan.FromSeconds(2);

    /// <summary>Nanoseconds of a fault on the stock layout; slices are unmapped in between, and that is not timed.
    /// </summary>
    public static Measured Measure(int cpu, int samples) => PinnedThread.Run(cpu, () =>
    {
        using var machine = new NativeMachine(new NativeMachineOptions
        {
            Tasks = [new TaskSpec("first", 0)],
            RootBytes = FaultBlock.Bytes,
            ArenaBytes = 16 << 20,
        });
        var faults = new AnonFaults<StockLayout, FaultsAsMerged>(machine.Root);
        NativeCpu own = machine.CpuOf(0);
        faults.Prepare(own);

        // Until the optimised code is there: it is compiled in the background.
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUpSlices || Stopwatch.GetElapsedTime(began) < s_compilation; i++)
        {
            Fill(faults, own);
        }

        return Measured.Of(Enumerable.Range(0, samples).Select(_ => Fill(faults, own)).ToArray());
    });

    private static double Fill(AnonFaults<StockLayout, FaultsAsMerged> faults, NativeCpu cpu)
    {
        faults.UnmapOwn(cpu);
        long from = Stopwatch.GetTimestamp();
        for (int i = 0; i < PteTable.Entries; i++)
        {
            faults.Touch(cpu);
        }

        return (Stopwatch.GetTimestamp() - from) * (1e9 / Stopwatch.Frequency) / PteTable.Entries;
    }
}
