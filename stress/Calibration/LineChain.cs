using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Stress.Machine;

namespace Stress.Calibration;

/// <summary>Cache lines that each hold the address of the next, in an order that no prefetcher guesses.</summary>
/// <remarks>A load must be done before the next can begin, so the time of a walk is the sum of the loads' latencies.
/// The order is random within windows of 1 MiB, one after the other.</remarks>
internal sealed unsafe class LineChain : IDisposable
{
    private const int LineBytes = 64;
    private const int PageBytes = 4096;

    // Few enough pages for the TLB: of a walk through all of memory in random order, most would be page walks.
    private const int WindowBytes = 1 << 20;

    private readonly nint* _start;
    private nint* _at;

    /// <summary>Links lines.</summary>
    /// <param name="bytes">How much memory.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="inPairs">Whether a line is followed by the one before it in memory, the other of its aligned pair.
    /// </param>
    public LineChain(long bytes, ulong seed, bool inPairs = false)
    {
        _start = (nint*)NativeMemory.AlignedAlloc((nuint)bytes, PageBytes);
        Lines = (int)(bytes / LineBytes);
        int step = inPairs ? 2 : 1;
        int[] order = Shuffled(Lines / step, WindowBytes / LineBytes / step, seed);
        for (int i = 0; i < order.Length; i++)
        {
            nint* here = Line(order[i] * step);
            nint* next = Line(order[(i + 1) % order.Length] * step);
            if (inPairs)
            {
                // The upper line first: the lower one is what a prefetcher of the next line would not fetch.
                nint* upper = here + (LineBytes / sizeof(nint));
                *upper = (nint)here;
                next += LineBytes / sizeof(nint);
            }

            *here = (nint)next;
        }

        _at = inPairs ? _start + (LineBytes / sizeof(nint)) : _start;
    }

    /// <summary>Lines of the chain.</summary>
    public int Lines { get; }

    /// <summary>Nanoseconds of a load, on average of some loads from where the last walk ended.</summary>
    public double Walk(int loads)
    {
        nint* at = _at;
        long from = Stopwatch.GetTimestamp();
        at = Chase(at, loads);
        long to = Stopwatch.GetTimestamp();
        _at = at;
        return (to - from) * (1e9 / Stopwatch.Frequency) / loads;
    }

    /// <summary>Writes to each line what it holds already.</summary>
    public void Modify()
    {
        for (int i = 0; i < Lines; i++)
        {
            nint* line = Line(i);
            Volatile.Write(ref *line, *line);
        }
    }

    /// <summary>Reads each line once, in the order of memory.</summary>
    public void Touch()
    {
        for (int i = 0; i < Lines; i++)
        {
            _ = Volatile.Read(ref *Line(i));
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_start);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static nint* Chase(nint* at, int loads)
    {
        for (int i = loads; i > 0; i--)
        {
            at = (nint*)*at;
        }

        return at;
    }

    private static int[] Shuffled(int count, int window, ulong seed)
    {
        var random = new Xoshiro256(seed);
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int start = i - (i % window);
            int j = start + (int)random.Next((uint)(i - start) + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }

    private nint* Line(int number) => _start + ((nint)number * (LineBytes / sizeof(nint)));
}
