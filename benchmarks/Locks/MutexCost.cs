using System.Threading;
using BenchmarkDotNet.Attributes;
using Stress.Machine;
using Stress.Machine.Native;
using Mutex = Stress.Locks.Mutex;

namespace Stress.Benchmarks.Locks;

/// <summary>The modelled mutex against the lock and the monitor of the host's library.</summary>
public class MutexCost : LockBenchmark
{
    private static readonly LockClass s_class = new("benchmark_mutex");

    private readonly Lock _host = new();
    private readonly object _monitor = new();

    private Mutex Modelled => new(LockAt, s_class);

    [Benchmark(Baseline = true, OperationsPerInvoke = Sections)]
    public void HostLock() => Together(TakeHost);

    [Benchmark(OperationsPerInvoke = Sections)]
    public void HostMonitor() => Together(TakeMonitor);

    [Benchmark(OperationsPerInvoke = Sections)]
    public void ModelledMutex() => Together(TakeModelled);

    protected override void Prepare(NativeCpu cpu) => Modelled.Initialize(cpu);

    private void TakeHost(int thread)
    {
        NativeCpu cpu = CpuOf(thread);
        PlainU64 counter = Counter;
        for (int i = SectionsPerThread; i > 0; i--)
        {
            lock (_host)
            {
                cpu.Write(counter, cpu.Read(counter) + 1);
            }
        }
    }

    private void TakeMonitor(int thread)
    {
        NativeCpu cpu = CpuOf(thread);
        PlainU64 counter = Counter;
        for (int i = SectionsPerThread; i > 0; i--)
        {
            lock (_monitor)
            {
                cpu.Write(counter, cpu.Read(counter) + 1);
            }
        }
    }

    private void TakeModelled(int thread)
    {
        NativeCpu cpu = CpuOf(thread);
        PlainU64 counter = Counter;
        Mutex modelled = Modelled;
        for (int i = SectionsPerThread; i > 0; i--)
        {
            modelled.Acquire(cpu);
            cpu.Write(counter, cpu.Read(counter) + 1);
            modelled.Release(cpu);
        }
    }
}
