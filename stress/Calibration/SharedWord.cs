using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Stress.Machine.Native;

namespace Stress.Calibration;

/// <summary>Two threads that add to one word, or each to its own, with loads of their own in between.</summary>
/// <remarks>
/// Without pauses it shows how many additions a core makes before it gives the line away. With pauses longer than a
/// hand-off each addition waits for one, and what the threads lose by that, less than the hand-off takes, shows how much
/// of a wait goes by with what follows in the program.
/// </remarks>
internal static unsafe class SharedWord
{
    /// <summary>How many hand-offs a pause must be long, so that the other thread has surely taken the line.</summary>
    public const int HandOffsInPause = 2;

    /// <summary>How long it must be at least, in nanoseconds, so that the loop around it does not matter.</summary>
    public const double ShortestPause = 100;

    private const int Additions = 4_000;
    private const int Bytes = 4096;

    // Words that nobody shares: no prefetcher of pairs takes one of these lines along with another.
    private const int Apart = 512 / sizeof(long);

    /// <summary>Nanoseconds from an addition of a thread to its next one, on average: when both add to one word, and
    /// when each has its own. Samples of the two take turns, so that what disturbs one disturbs the other.</summary>
    /// <param name="cpu">One CPU of the host.</param>
    /// <param name="other">The other one.</param>
    /// <param name="samples">How many samples of each.</param>
    /// <param name="apartNs">How long the loads between two additions take, roughly.</param>
    /// <exception cref="PlatformNotSupportedException">Threads cannot be kept to CPUs here.</exception>
    public static (Measured Shared, Measured Own) Add(int cpu, int other, int samples, double apartNs)
        => PinnedPool.Run([cpu, other], pool =>
        {
            nint words = (nint)NativeMemory.AlignedAlloc(Bytes, Bytes);
            NativeMemory.Clear((void*)words, Bytes);
            try
            {
                int loads = (int)(apartNs / Math.Max(0.01, OwnedLine.Poll((long*)words, 100_000)));
                double[] shared = new double[samples];
                double[] own = new double[samples];
                Both(pool, (long*)words, loads, isShared: true);
                for (int i = 0; i < samples; i++)
                {
                    shared[i] = Both(pool, (long*)words, loads, isShared: true);
                    own[i] = Both(pool, (long*)words, loads, isShared: false);
                }

                return (Measured.Of(shared), Measured.Of(own));
            }
            finally
            {
                NativeMemory.AlignedFree((void*)words);
            }
        });

    private static double Both(WorkerPool pool, long* words, int loads, bool isShared)
        => pool.TimeOfFirst(worker => Alternate(
            isShared ? words : words + (worker * Apart), words + ((2 + worker) * Apart), Additions, loads));

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Alternate(long* word, long* own, int additions, int loads)
    {
        long from = Stopwatch.GetTimestamp();
        for (int i = additions; i > 0; i--)
        {
            Interlocked.Add(ref *word, 1);
            for (int j = loads; j > 0; j--)
            {
                _ = Volatile.Read(ref *own);
            }
        }

        return (Stopwatch.GetTimestamp() - from) * (1e9 / Stopwatch.Frequency) / additions;
    }
}
