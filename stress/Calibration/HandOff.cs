using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Stress.Machine.Native;

namespace Stress.Calibration;

/// <summary>A cache line that goes back and forth between two CPUs.</summary>
internal static unsafe class HandOff
{
    private const int LineBytes = 128;

    /// <summary>One way of a line that each side takes by compare-and-exchange as soon as the other has: half a round
    /// trip.</summary>
    /// <param name="cpu">One CPU of the host.</param>
    /// <param name="other">The other one.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="rounds">Round trips of a sample.</param>
    public static Measured ByCompareExchange(int cpu, int other, int samples, int rounds)
        => Between(cpu, other, samples, rounds, &Play);

    /// <summary>The same with threads that wait by loads, and exchange when it is their turn.</summary>
    /// <inheritdoc cref="ByCompareExchange"/>
    public static Measured ByLoadAndExchange(int cpu, int other, int samples, int rounds)
        => Between(cpu, other, samples, rounds, &PlayWithLoads);

    private static Measured Between(
        int cpu, int other, int samples, int rounds, delegate*<long*, int, int, double> play)
        => OnBoth(cpu, other, samples, (pool, word) =>
        {
            Volatile.Write(ref *(long*)word, 0);
            return pool.TimeOfFirst(worker => play((long*)word, worker, rounds)) / 2;
        });

    /// <summary>A load of a line that the other CPU has just modified.</summary>
    public static Measured LoadModified(int cpu, int other, int samples, int bytes)
        => OnBoth(cpu, other, samples, (pool, chain) =>
        {
            pool.Run(worker =>
            {
                if (worker == 1)
                {
                    chain.Modify();
                }
            });
            return pool.TimeOfFirst(worker => worker == 0 ? chain.Walk(chain.Lines) : 0);
        }, () => new LineChain(bytes, seed: 1));

    /// <summary>A load of a line that the other CPU holds as memory has it.</summary>
    /// <param name="cpu">Who loads.</param>
    /// <param name="other">Who holds the line.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="bytes">Lines of a sample, in bytes.</param>
    /// <param name="flush">Bytes whose reading drives everything else out of the caches.</param>
    public static Measured LoadClean(int cpu, int other, int samples, int bytes, long flush)
    {
        using var everything = new LineChain(flush, seed: 2);
        return OnBoth(cpu, other, samples, (pool, chain) =>
        {
            pool.Run(worker =>
            {
                if (worker == 1)
                {
                    chain.Modify();
                    everything.Touch();
                    chain.Walk(chain.Lines);
                }
            });
            return pool.TimeOfFirst(worker => worker == 0 ? chain.Walk(chain.Lines) : 0);
        }, () => new LineChain(bytes, seed: 1));
    }

    private static Measured OnBoth(int cpu, int other, int samples, Func<WorkerPool, nint, double> sample)
    {
        void* line = NativeMemory.AlignedAlloc(LineBytes, LineBytes);
        NativeMemory.Clear(line, LineBytes);
        try
        {
            return OnBoth(cpu, other, samples, (pool, at) => sample(pool, at.Value), () => new Line((nint)line));
        }
        finally
        {
            NativeMemory.AlignedFree(line);
        }
    }

    private static Measured OnBoth<T>(int cpu, int other, int samples, Func<WorkerPool, T, double> sample, Func<T> make)
        where T : IDisposable
        => PinnedPool.Run([cpu, other], pool =>
        {
            using T subject = make();
            double[] times = new double[samples];
            sample(pool, subject);
            for (int i = 0; i < samples; i++)
            {
                times[i] = sample(pool, subject);
            }

            return Measured.Of(times);
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Play(long* word, int worker, int rounds)
    {
        long from = Stopwatch.GetTimestamp();
        for (long i = worker; i < 2L * rounds; i += 2)
        {
            while (Interlocked.CompareExchange(ref *word, i + 1, i) != i)
            {
            }
        }

        return (Stopwatch.GetTimestamp() - from) * (1e9 / Stopwatch.Frequency) / rounds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double PlayWithLoads(long* word, int worker, int rounds)
    {
        long from = Stopwatch.GetTimestamp();
        for (long i = worker; i < 2L * rounds; i += 2)
        {
            while (Volatile.Read(ref *word) != i)
            {
            }

            Interlocked.Exchange(ref *word, i + 1);
        }

        return (Stopwatch.GetTimestamp() - from) * (1e9 / Stopwatch.Frequency) / rounds;
    }

    private sealed record Line(nint Value) : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
