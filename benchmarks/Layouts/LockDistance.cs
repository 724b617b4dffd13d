using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using Stress.Benchmarks.Measuring;
using Stress.Locks;
using Stress.Machine;
using Stress.Machine.Native;

namespace Stress.Benchmarks.Layouts;

/// <summary>Locks that nobody shares, at a chosen distance from each other: each thread takes its own for reading.
/// </summary>
/// <remarks>At 40 bytes two separate locks of a cache without alignment are neighbours; at 64 they share a pair of
/// lines; from 128 on they share nothing.</remarks>
public class LockDistance : IDisposable
{
    private const int Operations = 4_096;

    private static readonly LockClass s_class = new("benchmark_distance");

    private WorkerPool _pool = null!;
    private NativeMachine _machine = null!;

    /// <summary>Numbers of threads.</summary>
    public static IEnumerable<int> AllThreads => BenchmarkSelection.Threads;

    /// <summary>Bytes from one lock to the next.</summary>
    [Params(128, 64, 40)]
    public int Distance { get; set; }

    /// <summary>Threads, each on a CPU of its own.</summary>
    [ParamsSource(nameof(AllThreads))]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _machine = BenchmarkMachine.New(Threads, 128 * (Threads + 1));
        _pool = BenchmarkMachine.Workers(Threads);
        for (int thread = 0; thread < Threads; thread++)
        {
            LockOf(thread).Initialize(_machine.CpuOf(0));
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _pool?.Dispose();
        _machine?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void ReadLockAndUnlock() => _pool.Run(LockAndUnlock);

    private RwSemaphore LockOf(int thread) => new(_machine.Root + (thread * Distance), s_class);

    private void LockAndUnlock(int thread)
    {
        NativeCpu cpu = _machine.CpuOf(thread);
        RwSemaphore own = LockOf(thread);
        for (int i = 0; i < Operations; i++)
        {
            own.DownRead(cpu);
            own.UpRead(cpu);
        }
    }
}
