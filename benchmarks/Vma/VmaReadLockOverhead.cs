using System;
using System.Runtime.CompilerServices;
using System.Threading;
using BenchmarkDotNet.Attributes;
using Stress.Machine.Native;
using Stress.Mm.Vma;

namespace Stress.Benchmarks.Vma;

/// <summary>What a modelled lock costs over its machine instructions: vma_start_read and vma_end_read, whole, against
/// the two atomics on one word that no implementation can do without.</summary>
public unsafe class VmaReadLockOverhead : IDisposable
{
    private const int Operations = 10_000;
    private const ulong ReaderBias = 256;

    private NativeMachine _machine = null!;
    private AddressSpace<StockLayout, V612> _stock;
    private AddressSpace<EmbeddedLine4Layout, V612> _embedded;
    private VmAreaStruct<StockLayout> _stockVma;
    private VmAreaStruct<EmbeddedLine4Layout> _embeddedVma;

    [GlobalSetup]
    public void Setup()
    {
        _machine = BenchmarkMachine.New(tasks: 1);
        NativeCpu cpu = _machine.CpuOf(0);
        nint mm = cpu.Alloc(MmStruct.Cache);
        _stock = new(mm, rcu: 0);
        _embedded = new(mm, rcu: 0);
        _stockVma = MakeVma<StockLayout>(cpu, mm);
        _embeddedVma = MakeVma<EmbeddedLine4Layout>(cpu, mm);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _machine?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void TwoAtomics()
    {
        ref ulong word = ref *(ulong*)_machine.Root;
        for (int i = 0; i < Operations; i++)
        {
            ulong before = Volatile.Read(ref word);
            if (Interlocked.CompareExchange(ref word, before + ReaderBias, before) != before)
            {
                Fail();
            }

            Interlocked.Add(ref word, unchecked(0 - ReaderBias));
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void StockVma()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        AddressSpace<StockLayout, V612> space = _stock;
        VmAreaStruct<StockLayout> vma = _stockVma;
        for (int i = 0; i < Operations; i++)
        {
            if (!space.VmaStartRead(cpu, vma))
            {
                Fail();
            }

            space.VmaEndRead(cpu, vma);
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void EmbeddedVma()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        AddressSpace<EmbeddedLine4Layout, V612> space = _embedded;
        VmAreaStruct<EmbeddedLine4Layout> vma = _embeddedVma;
        for (int i = 0; i < Operations; i++)
        {
            if (!space.VmaStartRead(cpu, vma))
            {
                Fail();
            }

            space.VmaEndRead(cpu, vma);
        }
    }

    /// <summary>A VMA as vm_area_alloc leaves it: with a free lock, and marked by nobody.</summary>
    private static VmAreaStruct<TLayout> MakeVma<TLayout>(NativeCpu cpu, nint mm)
        where TLayout : struct, IVmaLayout<TLayout>
    {
        var vma = new VmAreaStruct<TLayout>(cpu.Alloc(TLayout.Cache));
        cpu.Write(vma.VmMm, mm);
        if (!TLayout.IsLockEmbedded)
        {
            cpu.Write(new PlainPtr(vma.Address + TLayout.LockOffset), cpu.Alloc(TLayout.LockCache));
        }

        vma.VmLock(cpu).Initialize(cpu);
        cpu.Write(vma.VmLockSeq, uint.MaxValue);
        return vma;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail() => throw new InvalidOperationException("Nobody else uses the lock.");
}
