using System;
using System.Runtime.CompilerServices;
using Stress.Machine.Native;
using Stress.Mm.Vma;

namespace Stress.Benchmarks.Layouts;

/// <summary>What a thread does to time the lock of a VMA.</summary>
internal static class ReadLockLoop
{
    /// <summary>Locks for reading and unlocks, again and again.</summary>
    public static Action<int> Of<TLayout>(
        NativeMachine machine, AddressSpace<TLayout, V612> space, VmAreaStruct<TLayout> vma, int operations)
        where TLayout : struct, IVmaLayout<TLayout>
        => thread =>
        {
            NativeCpu cpu = machine.CpuOf(thread);
            AddressSpace<TLayout, V612> own = space;
            VmAreaStruct<TLayout> locked = vma;
            for (int i = 0; i < operations; i++)
            {
                if (!own.VmaStartRead(cpu, locked))
                {
                    Fail();
                }

                own.VmaEndRead(cpu, locked);
            }
        };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail() => throw new InvalidOperationException("Nobody locks the VMA for writing.");
}
