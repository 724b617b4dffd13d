using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using Stress.Machine.Native;

namespace Stress.Calibration;

/// <summary>A byte that two threads send each other through pipes, each asleep until it comes.</summary>
internal static partial class PipeHandOff
{
    /// <summary>One way: half a round trip, with its two system calls.</summary>
    /// <param name="cpu">The CPU of one thread.</param>
    /// <param name="other">The CPU of the other one; may be the same.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="rounds">Round trips of a sample.</param>
    /// <exception cref="PlatformNotSupportedException">There are no pipes.</exception>
    public static Measured Measure(int cpu, int other, int samples, int rounds)
    {
        int[] there = Pipe();
        int[] back = Pipe();
        var answering = new Thread(() =>
        {
            HostAffinity.PinTo(other);
            byte[] one = new byte[1];
            while (Read(there[0], one, 1) == 1 && Write(back[1], one, 1) == 1)
            {
            }
        })
        { IsBackground = true };
        answering.Start();
        try
        {
            return PinnedThread.Run(cpu, () =>
            {
                double[] times = new double[samples];
                RoundTrips(there[1], back[0], rounds);
                for (int i = 0; i < samples; i++)
                {
                    times[i] = RoundTrips(there[1], back[0], rounds) / 2;
                }

                return Measured.Of(times);
            });
        }
        finally
        {
            // The end of the pipe ends the other thread.
            _ = Close(there[1]);
            answering.Join();
            Array.ForEach([there[0], back[0], back[1]], static end => _ = Close(end));
        }
    }

    private static double RoundTrips(int to, int from, int rounds)
    {
        byte[] one = new byte[1];
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < rounds; i++)
        {
            if (Write(to, one, 1) != 1 || Read(from, one, 1) != 1)
            {
                throw new PlatformNotSupportedException("a pipe broke");
            }
        }

        return (Stopwatch.GetTimestamp() - began) * (1e9 / Stopwatch.Frequency) / rounds;
    }

    private static int[] Pipe()
    {
        int[] ends = new int[2];
        return MakePipe(ends) == 0 ? ends : throw new PlatformNotSupportedException("there are no pipes");
    }

    [LibraryImport("libc", EntryPoint = "pipe")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakePipe([Out] int[] ends);

    [LibraryImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int end, [Out] byte[] bytes, nint count);

    [LibraryImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int end, byte[] bytes, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int end);
}
