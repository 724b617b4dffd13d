using System;
using BenchmarkDotNet.Attributes;
using Stress.Machine.Native;
using Stress.Mm.Faults;
using Stress.Mm.Vma;

namespace Stress.Benchmarks.Layouts;

/// <summary>The whole path of a first touch of anonymous memory: each thread touches the pages of its own slice of one
/// mapping.</summary>
/// <remarks>An invocation fills a slice: 512 faults, of which one makes the page table. Slices are unmapped in between,
/// and that is not timed.</remarks>
public class FaultPath : LayoutBenchmark
{
    private const int Faults = (int)PteTable.Entries;

    private Action<int> _touch = null!;
    private Action<int> _unmap = null!;

    protected override int RootBytes => FaultBlock.Bytes;

    [IterationSetup]
    public void Unmap() => Together(_unmap);

    [Benchmark(OperationsPerInvoke = Faults)]
    public void Touch() => Together(_touch);

    protected override void Prepare(NativeMachine machine, VmaLayout layout)
        => (_touch, _unmap) = layout.Accept(new Maker(machine));

    private sealed class Maker(NativeMachine machine) : IVmaLayoutVisitor<(Action<int> Touch, Action<int> Unmap)>
    {
        public (Action<int> Touch, Action<int> Unmap) Visit<TLayout>()
            where TLayout : struct, IVmaLayout<TLayout>
        {
            var faults = new AnonFaults<TLayout, FaultsAsMerged>(machine.Root);
            faults.Prepare(machine.CpuOf(0));
            return (
                thread =>
                {
                    NativeCpu cpu = machine.CpuOf(thread);
                    for (int i = 0; i < Faults; i++)
                    {
                        faults.Touch(cpu);
                    }
                },
                thread => faults.UnmapOwn(machine.CpuOf(thread)));
        }
    }
}
