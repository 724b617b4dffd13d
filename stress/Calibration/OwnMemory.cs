using System;
using System.Linq;
using System.Runtime.InteropServices;

namespace Stress.Calibration;

/// <summary>Samples what one CPU does with memory of its own.</summary>
internal static unsafe class OwnMemory
{
    private const int Alignment = 4096;

    /// <summary>Takes samples on a thread that is kept to a CPU.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="bytes">How much memory; it begins a page, and is cleared once.</param>
    /// <param name="sample">Takes one, given the memory.</param>
    /// <exception cref="PlatformNotSupportedException">The thread cannot be kept there.</exception>
    public static Measured Measure(int cpu, int samples, int bytes, Func<nint, double> sample)
    {
        nint memory = (nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        NativeMemory.Clear((void*)memory, (nuint)bytes);
        try
        {
            return PinnedThread.Run(
                cpu, () => Measured.Of(Enumerable.Range(0, samples).Select(_ => sample(memory)).ToArray()));
        }
        finally
        {
            NativeMemory.AlignedFree((void*)memory);
        }
    }
}
