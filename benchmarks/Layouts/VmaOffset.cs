using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Stress.Locks;
using Stress.Machine.Native;
using Stress.Mm.Vma;

namespace Stress.Benchmarks.Layouts;

/// <summary>The lock of a VMA that begins at a chosen distance from the start of a cache line: where objects of a cache
/// without alignment come to lie.</summary>
public class VmaOffset : LayoutBenchmark
{
    private const int Operations = 4_096;
    private const int BlockOffset = 4096;

    private Action<int> _lockAndUnlock = null!;

    /// <summary>Distances, in bytes: those of a cache with the usual alignment of 16.</summary>
    public static IEnumerable<int> AllOffsets => [0, 16, 32, 48];

    /// <summary>The distance of the VMA from the start of its line, and of a separate lock from that of its own.
    /// </summary>
    [ParamsSource(nameof(AllOffsets))]
    public int Offset { get; set; }

    protected override int RootBytes => 2 * BlockOffset;

    [Benchmark(OperationsPerInvoke = Operations)]
    public void LockAndUnlock() => Together(_lockAndUnlock);

    protected override void Prepare(NativeMachine machine, VmaLayout layout)
        => _lockAndUnlock = layout.Accept(new Maker(machine, Offset));

    private sealed unsafe class Maker(NativeMachine machine, int offset) : IVmaLayoutVisitor<Action<int>>
    {
        public Action<int> Visit<TLayout>()
            where TLayout : struct, IVmaLayout<TLayout>
        {
            NativeCpu first = machine.CpuOf(0);
            AddressSpace<TLayout, V612> space = VmaMaker<TLayout>.Space(first, machine.Root);
            VmAreaStruct<TLayout> vma = Move(first, VmaMaker<TLayout>.Vma(first, space));
            return ReadLockLoop.Of(machine, space, vma, Operations);
        }

        // A free lock is all that points into the VMA, so it is made anew in its place.
        private VmAreaStruct<TLayout> Move<TLayout>(NativeCpu cpu, VmAreaStruct<TLayout> vma)
            where TLayout : struct, IVmaLayout<TLayout>
        {
            var placement = new LinePlacement(machine.Root + BlockOffset, BlockOffset);
            var moved = new VmAreaStruct<TLayout>(placement.Take(TLayout.Bytes, offset));
            Unsafe.CopyBlock((void*)moved.Address, (void*)vma.Address, (uint)TLayout.Bytes);
            if (TLayout.IsReferenceCount)
            {
                return moved;
            }

            if (!TLayout.IsLockEmbedded)
            {
                cpu.Write(new PlainPtr(moved.Address + TLayout.LockOffset), placement.Take(VmaLock.Bytes, offset));
            }

            RwSemaphore vmLock = moved.VmLock(cpu);
            vmLock.Initialize(cpu);
            return moved;
        }
    }
}
