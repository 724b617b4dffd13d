using System.Threading;
using BenchmarkDotNet.Attributes;
using Stress.Locks;
using Stress.Machine;
using Stress.Machine.Native;

namespace Stress.Benchmarks.Locks;

/// <summary>The modelled reader-writer semaphore against the slim one of the host's library.</summary>
public class RwSemaphoreCost : LockBenchmark
{
    private static readonly LockClass s_class = new("benchmark_rwsem");

    private readonly ReaderWriterLockSlim _host = new();

    private RwSemaphore Modelled => new(LockAt, s_class);

    [Benchmark(Baseline = true, OperationsPerInvoke = Sections)]
    public void HostRead() => Together(ReadHost);

    [Benchmark(OperationsPerInvoke = Sections)]
    public void ModelledRead() => Together(ReadModelled);

    [Benchmark(OperationsPerInvoke = Sections)]
    public void HostWrite() => Together(WriteHost);

    [Benchmark(OperationsPerInvoke = Sections)]
    public void ModelledWrite() => Together(WriteModelled);

    protected override void Prepare(NativeCpu cpu) => Modelled.Initialize(cpu);

    private void ReadHost(int thread)
    {
        NativeCpu cpu = CpuOf(thread);
        PlainU64 counter = Counter;
        for (int i = SectionsPerThread; i > 0; i--)
        {
            _host.EnterReadLock();
            cpu.Read(counter);
            _host.ExitReadLock();
        }
    }

    private void ReadModelled(int thread)
    {
        NativeCpu cpu = CpuOf(thread);
        PlainU64 counter = Counter;
        RwSemaphore modelled = Modelled;
        for (int i = SectionsPerThread; i > 0; i--)
        {
            modelled.DownRead(cpu);
            cpu.Read(counter);
            modelled.UpRead(cpu);
        }
    }

    private void WriteHost(int thread)
    {
        NativeCpu cpu = CpuOf(thread);
        PlainU64 counter = Counter;
        for (int i = SectionsPerThread; i > 0; i--)
        {
            _host.EnterWriteLock();
            cpu.Write(counter, cpu.Read(counter) + 1);
            _host.ExitWriteLock();
        }
    }

    private void WriteModelled(int thread)
    {
        NativeCpu cpu = CpuOf(thread);
        PlainU64 counter = Counter;
        RwSemaphore modelled = Modelled;
        for (int i = SectionsPerThread; i > 0; i--)
        {
            modelled.DownWrite(cpu);
            cpu.Write(counter, cpu.Read(counter) + 1);
            modelled.UpWrite(cpu);
        }
    }
}
