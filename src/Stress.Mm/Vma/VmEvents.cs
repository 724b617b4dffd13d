using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The events of per-VMA locking that a CPU counts: a part of <c>struct vm_event_state</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field           written by   read by
///      0      8  VmaLockSuccess  its own CPU  anybody
///      8      8  VmaLockAbort    its own CPU  anybody
///     16      8  VmaLockRetry    its own CPU  anybody
///     24      8  VmaLockMiss     its own CPU  anybody
/// </code>
/// It lies at offset <see cref="PerCpuOffset"/> of each per-CPU area.
/// </remarks>
public readonly partial struct VmEvents(nint at) : IHandle
{
    /// <summary>Where it lies in a per-CPU area, in bytes.</summary>
    public const int PerCpuOffset = 960;

    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Faults that were handled under the VMA lock (<c>VMA_LOCK_SUCCESS</c>).</summary>
    public AtomicU64 VmaLockSuccess => new(at);

    /// <summary>Lookups that gave up, for mmap_lock (<c>VMA_LOCK_ABORT</c>).</summary>
    public AtomicU64 VmaLockAbort => new(at + 8);

    /// <summary>Faults that had to be done again under mmap_lock (<c>VMA_LOCK_RETRY</c>).</summary>
    public AtomicU64 VmaLockRetry => new(at + 16);

    /// <summary>Lookups that locked a VMA which was no longer in the tree (<c>VMA_LOCK_MISS</c>).</summary>
    public AtomicU64 VmaLockMiss => new(at + 24);

    /// <summary>The events of the running CPU.</summary>
    public static VmEvents OfThisCpu<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => new(cpu.PerCpu(cpu.Id) + PerCpuOffset);

    /// <summary>Counts one: <c>count_vm_vma_lock_event</c>.</summary>
    public static void Count<TCpu>(TCpu cpu, AtomicU64 counter) where TCpu : struct, ICpu
        // Relaxed: a statistic. One access, as this_cpu_inc is, so that a preempting task loses nothing.
        => cpu.FetchAddRelaxed(counter, 1ul);
}
