using System;
using Stress.Machine.Native;
using Stress.Mm.Vma;

namespace Stress.Benchmarks.Layouts;

/// <summary>Makes address spaces with one mapping, as the model makes them.</summary>
internal static class VmaMaker<TLayout>
    where TLayout : struct, IVmaLayout<TLayout>
{
    private const ulong Bytes = 4096;

    /// <summary>An address space with a mapping of one page at address 0.</summary>
    /// <param name="cpu">Who makes it.</param>
    /// <param name="rcu">Memory for the grace periods.</param>
    public static AddressSpace<TLayout, V612> Space(NativeCpu cpu, nint rcu)
    {
        new Stress.Locks.Rcu(rcu).Initialize(cpu);
        MmStruct mm = AddressSpace<TLayout, V612>.Make(cpu);
        var space = new AddressSpace<TLayout, V612>(mm.Address, rcu);
        return space.Mmap(cpu, 0, Bytes, VmFlag.Read | VmFlag.Write) == 0
            ? space
            : throw new InvalidOperationException("There is no memory for the mapping.");
    }

    /// <summary>The mapping's VMA.</summary>
    public static VmAreaStruct<TLayout> Vma(NativeCpu cpu, AddressSpace<TLayout, V612> space)
    {
        space.MmapReadLock(cpu);
        VmAreaStruct<TLayout> vma = space.LookupVma(cpu, 0);
        space.MmapReadUnlock(cpu);
        return vma;
    }
}
