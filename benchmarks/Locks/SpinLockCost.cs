using System.Threading;
using BenchmarkDotNet.Attributes;
using Stress.Locks;
using Stress.Machine;
using Stress.Machine.Native;

namespace Stress.Benchmarks.Locks;

/// <summary>The modelled spin lock against the one of the host's library.</summary>
public class SpinLockCost : LockBenchmark
{
    private static readonly LockClass s_class = new("benchmark_spinlock");

    private SpinLock _host = new(enableThreadOwnerTracking: false);

    private QueuedSpinLock Modelled => new(LockAt, s_class);

    [Benchmark(Baseline = true, OperationsPerInvoke = Sections)]
    public void HostSpinLock() => Together(TakeHost);

    [Benchmark(OperationsPerInvoke = Sections)]
    public void ModelledQueuedSpinLock() => Together(TakeModelled);

    protected override void Prepare(NativeCpu cpu) => Modelled.Initialize(cpu);

    private void TakeHost(int thread)
    {
        NativeCpu cpu = CpuOf(thread);
        PlainU64 counter = Counter;
        for (int i = SectionsPerThread; i > 0; i--)
        {
            bool taken = false;
            _host.Enter(ref taken);
            cpu.Write(counter, cpu.Read(counter) + 1);
            _host.Exit(useMemoryBarrier: false);
        }
    }

    private void TakeModelled(int thread)
    {
        NativeCpu cpu = CpuOf(thread);
        PlainU64 counter = Counter;
        QueuedSpinLock modelled = Modelled;
        for (int i = SectionsPerThread; i > 0; i--)
        {
            modelled.Acquire(cpu);
            cpu.Write(counter, cpu.Read(counter) + 1);
            modelled.Release(cpu);
        }
    }
}
