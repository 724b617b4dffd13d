using System;
using BenchmarkDotNet.Attributes;
using Stress.Machine.Native;
using Stress.Mm.Vma;

namespace Stress.Benchmarks.Layouts;

/// <summary>The lock of a VMA alone: all threads lock one VMA for reading and unlock it, with nothing in between.
/// </summary>
public class VmaReadLock : LayoutBenchmark
{
    private const int Operations = 4_096;

    private Action<int> _lockAndUnlock = null!;

    [Benchmark(OperationsPerInvoke = Operations)]
    public void LockAndUnlock() => Together(_lockAndUnlock);

    protected override void Prepare(NativeMachine machine, VmaLayout layout)
        => _lockAndUnlock = layout.Accept(new Maker(machine));

    private sealed class Maker(NativeMachine machine) : IVmaLayoutVisitor<Action<int>>
    {
        public Action<int> Visit<TLayout>()
            where TLayout : struct, IVmaLayout<TLayout>
        {
            NativeCpu first = machine.CpuOf(0);
            AddressSpace<TLayout, V612> space = VmaMaker<TLayout>.Space(first, machine.Root);
            return ReadLockLoop.Of(machine, space, VmaMaker<TLayout>.Vma(first, space), Operations);
        }
    }
}
