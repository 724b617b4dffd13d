using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using Stress.Benchmarks.Measuring;
using Stress.Machine.Native;
using Stress.Mm.Vma;

namespace Stress.Benchmarks.Layouts;

/// <summary>What the benchmarks of layouts share: pinned threads that meet, and a machine with a CPU for each.
/// </summary>
/// <remarks>A figure is the time that one operation takes a thread, whatever the others do.</remarks>
public abstract class LayoutBenchmark : IDisposable
{
    private WorkerPool _pool = null!;
    private NativeMachine _machine = null!;

    /// <summary>Names of the layouts.</summary>
    public static IEnumerable<string> AllLayouts => BenchmarkSelection.Layouts;

    /// <summary>Numbers of threads.</summary>
    public static IEnumerable<int> AllThreads => BenchmarkSelection.Threads;

    /// <summary>The layout.</summary>
    [ParamsSource(nameof(AllLayouts))]
    public string Layout { get; set; } = "";

    /// <summary>Threads, each on a CPU of its own.</summary>
    [ParamsSource(nameof(AllThreads))]
    public int Threads { get; set; }

    /// <summary>Bytes of the machine's root block.</summary>
    protected virtual int RootBytes => 4096;

    [GlobalSetup]
    public void Setup()
    {
        _machine = BenchmarkMachine.New(Threads, RootBytes);
        _pool = BenchmarkMachine.Workers(Threads);
        Prepare(_machine, BenchmarkSelection.Layout(Layout));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _pool?.Dispose();
        _machine?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes what is timed.</summary>
    protected abstract void Prepare(NativeMachine machine, VmaLayout layout);

    /// <summary>All threads run the body once.</summary>
    protected void Together(Action<int> body) => _pool.Run(body);
}
