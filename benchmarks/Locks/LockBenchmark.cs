using System;
using BenchmarkDotNet.Attributes;
using Stress.Machine.Native;

namespace Stress.Benchmarks.Locks;

/// <summary>What the lock benchmarks share: threads that meet, and a machine with a CPU for each.</summary>
/// <remarks>A figure is the time between two sections anywhere, whatever the number of threads.</remarks>
public abstract class LockBenchmark : IDisposable
{
    /// <summary>Critical sections of all threads in one invocation.</summary>
    protected const int Sections = 8_000;

    /// <summary>Offset of the protected word from the root: a line of its own, as in the host's locks.</summary>
    protected const int CounterOffset = 256;

    private WorkerPool _pool = null!;
    private NativeMachine _machine = null!;

    /// <summary>Threads that want the lock.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Sections of one thread in one invocation.</summary>
    protected int SectionsPerThread => Sections / Threads;

    /// <summary>Address of zeroed memory for the lock.</summary>
    protected nint LockAt => _machine.Root;

    /// <summary>The word that the lock protects.</summary>
    protected PlainU64 Counter => new(_machine.Root + CounterOffset);

    [GlobalSetup]
    public void Setup()
    {
        _machine = BenchmarkMachine.New(Threads);
        _pool = BenchmarkMachine.Workers(Threads);
        Prepare(_machine.CpuOf(0));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _pool?.Dispose();
        _machine?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the locks.</summary>
    protected abstract void Prepare(NativeCpu cpu);

    /// <summary>The CPU of a thread.</summary>
    protected NativeCpu CpuOf(int thread) => _machine.CpuOf(thread);

    /// <summary>All threads run the body once.</summary>
    protected void Together(Action<int> body) => _pool.Run(body);
}
