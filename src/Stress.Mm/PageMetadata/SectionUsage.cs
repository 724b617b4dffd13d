using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <summary>Which subsections of a section exist: <c>struct mem_section_usage</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field          written by                         read by
///      0      8  SubsectionMap  holder of the hotplug lock         pfn_valid, in a read section
///      8     16  Rcu            kfree_rcu                          the RCU worker
///     24      8  Origin         whoever allocates it               holder of the hotplug lock
/// </code>
/// Origin has <see cref="PageFrame.Reserved"/> set when it came from memblock.
/// Source: <c>include/linux/mmzone.h</c>, v6.12.
/// </remarks>
public readonly partial struct SectionUsage(nint at) : IHandle
{
    /// <summary>Number of the RCU callback that frees one.</summary>
    public const ulong FreeFunction = 1;

    /// <summary>Every subsection of a section: one for each huge page.</summary>
    public const ulong All = (1ul << SectionSize.Folios) - 1;

    /// <summary>The objects.</summary>
    public static readonly SlabCache Cache = SlabCache.For<SectionUsage>("mem_section_usage");

    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>A bit for each subsection (<c>subsection_map</c>).</summary>
    public AtomicU64 SubsectionMap => new(at);

    /// <summary>Lets it wait for a grace period.</summary>
    public RcuHead Rcu => new(at + 8);

    /// <summary>Where it came from.</summary>
    public PlainU64 Origin => new(at + 24);

    /// <summary>Runs a batch of <c>kfree_rcu</c>.</summary>
    public static void RunBatch<TCpu>(TCpu cpu, nint batch) where TCpu : struct, ICpu
    {
        while (batch != 0)
        {
            RcuHead head = new(batch);
            batch = cpu.Read(head.Next);
            cpu.BugOn(cpu.Read(head.Function) != FreeFunction, "unknown RCU callback");
            cpu.Free(Cache, head.Address - new SectionUsage(0).Rcu.Address);
        }
    }

    /// <summary>Makes one, without subsections.</summary>
    /// <returns>Its address is 0 without memory.</returns>
    public static SectionUsage Create<TCpu>(TCpu cpu, ulong origin) where TCpu : struct, ICpu
    {
        SectionUsage usage = new(cpu.Alloc(Cache));
        if (usage.Address != 0)
        {
            cpu.Write(usage.SubsectionMap, 0ul);
            cpu.Write(usage.Origin, origin);
        }

        return usage;
    }
}
