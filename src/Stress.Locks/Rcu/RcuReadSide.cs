using System.Runtime.CompilerServices;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>Read sections of RCU: <c>rcu_read_lock</c> and <c>rcu_read_unlock</c>.</summary>
/// <remarks>
/// A section is noted in the task's own <see cref="TaskStruct.RcuNesting"/>, which only the task writes:
/// <code>
/// bits    meaning
///  0-15   depth: 0 when the task is in no section
/// 16-31   generation: one more at each outermost section, modulo 2^16
/// </code>
/// So nothing is shared on this side: two plain-cost accesses each way and no fence, as userspace RCU does it in its
/// <c>membarrier</c> flavour. The fence that would stand between the note and the section's first read is made by the
/// other side, on every CPU at once, before it looks at the notes.
/// Preemption inside a section is allowed, sleeping is not. Not modelled: regions with preemption or interrupts off
/// hold off no grace period here, so code that relies on that must say <c>rcu_read_lock</c>.
/// Source: Documentation/RCU; M. Desnoyers et al., User-Level Implementations of Read-Copy Update, 2012, section 5.
/// </remarks>
public static partial class RcuReadSide
{
    /// <summary>The bits of <see cref="TaskStruct.RcuNesting"/> that hold the depth.</summary>
    public const uint DepthMask = 0xffff;

    /// <summary>One generation, in <see cref="TaskStruct.RcuNesting"/>.</summary>
    public const uint Generation = 0x1_0000;

    /// <summary>Begins a read section: what is reachable now lives until the section ends. Nests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RcuReadLock<TCpu>(this TCpu cpu) where TCpu : struct, ICpu
    {
        AtomicU32 nesting = cpu.Current.RcuNesting;

        // Plain: nobody else writes the cell.
        uint noted = cpu.Read(nesting);
        uint began = (noted & DepthMask) == 0 ? Generation : 0u;

        // Relaxed, pairs with the first FenceEveryCpu of Rcu.Synchronize: either the updater sees this note, or every
        // read of the section sees what the updater did before.
        cpu.WriteOnce(nesting, noted + began + 1);
    }

    /// <summary>Ends a read section.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RcuReadUnlock<TCpu>(this TCpu cpu) where TCpu : struct, ICpu
    {
        AtomicU32 nesting = cpu.Current.RcuNesting;

        // Release, pairs with the LoadAcquire of Rcu.Synchronize: the section's accesses are over when its end is seen.
        cpu.StoreRelease(nesting, cpu.Read(nesting) - 1);
    }
}
