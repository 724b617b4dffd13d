#pragma warning disable CS1591
using System;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>struct percpu_counter, with room for its per-CPU parts given separately.</summary>
public readonly partial struct PerCpuCounter(nint at) : IHandle
{
    public static int Bytes => 40;
    public nint Address => at;
    /// <param name="counters">Address of 4 bytes per CPU (the per-CPU s32), stride 64 bytes.</param>
    public void Initialize<TCpu>(TCpu cpu, nint counters, int batch) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void Add<TCpu>(TCpu cpu, long amount) where TCpu : struct, ICpu => throw new NotImplementedException();
    public long Sum<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
}
