using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Stress.Machine;

namespace Stress.Calibration;

/// <summary>What a CPU does with lines that nobody else wants.</summary>
internal static unsafe class OwnedLine
{
    /// <summary>Loads that follow an atomic addition in <see cref="AddAndRead"/>.</summary>
    public const int LoadsBetween = 12;

    /// <summary>Nanoseconds of an atomic addition, on average.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double Add(long* word, int additions)
    {
        long from = Stopwatch.GetTimestamp();
        for (int i = additions; i > 0; i--)
        {
            Interlocked.Add(ref *word, 1);
        }

        return (Stopwatch.GetTimestamp() - from) * (1e9 / Stopwatch.Frequency) / additions;
    }

    /// <summary>Nanoseconds of an atomic addition and the loads that follow it, on average; none waits for another.
    /// </summary>
    /// <param name="words">What is loaded, word by word; the first is added to.</param>
    /// <param name="count">How many words: a multiple of <see cref="LoadsBetween"/> is used.</param>
    /// <param name="times">How often each is loaded.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double AddAndRead(long* words, int count, int times)
    {
        int blocks = count / LoadsBetween;
        long from = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            for (int block = 0; block < blocks; block++)
            {
                Interlocked.Add(ref *words, 1);
                long* loaded = words + (block * LoadsBetween);
                for (int word = 0; word < LoadsBetween; word++)
                {
                    _ = Volatile.Read(ref loaded[word]);
                }
            }
        }

        return (Stopwatch.GetTimestamp() - from) * (1e9 / Stopwatch.Frequency) / ((double)times * blocks);
    }

    /// <summary>Nanoseconds of a load of one word, again and again, on average.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double Poll(long* word, int loads)
    {
        long from = Stopwatch.GetTimestamp();
        for (int i = loads; i > 0; i--)
        {
            _ = Volatile.Read(ref *word);
        }

        return (Stopwatch.GetTimestamp() - from) * (1e9 / Stopwatch.Frequency) / loads;
    }

    /// <summary>Nanoseconds to clear a page of a few that take turns, on average.</summary>
    /// <param name="pages">How many take turns.</param>
    /// <param name="memory">Their memory.</param>
    /// <param name="times">How often each is cleared.</param>
    public static double Clear(byte* memory, int pages, int times)
    {
        long from = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            for (int page = 0; page < pages; page++)
            {
                NativeMemory.Clear(memory + ((nint)page * ICpuContext.PageBytes), ICpuContext.PageBytes);
            }
        }

        return (Stopwatch.GetTimestamp() - from) * (1e9 / Stopwatch.Frequency) / (times * pages);
    }

    /// <summary>Nanoseconds of a long computation without memory, to see what a core's other thread costs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double Compute(int steps)
    {
        long from = Stopwatch.GetTimestamp();
        ulong a = 1, b = 2, c = 3, d = 4;
        for (int i = steps; i > 0; i--)
        {
            a = (a * 3) + 1;
            b = (b * 5) + 1;
            c = (c * 7) + 1;
            d = (d * 9) + 1;
        }

        double time = (Stopwatch.GetTimestamp() - from) * (1e9 / Stopwatch.Frequency) / steps;
        return (a ^ b ^ c ^ d) == 0 ? time + 1 : time;
    }
}
