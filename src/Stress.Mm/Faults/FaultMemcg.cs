using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>A memory control group as the charge of a page sees it: its <c>struct page_counter</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by                         read by
///      0      8  Usage   every CPU, once for each batch     the same
///     64      8  Max     nobody                             whoever charges
///     72      8  Parent  nobody                             whoever charges
/// </code>
/// The usage is alone on its line, as since v6.1.
/// </remarks>
public readonly struct FaultMemcg(nint at) : IHandle
{
    /// <summary>Each on lines of its own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<FaultMemcg>("mem_cgroup", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 128;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Pages charged, with those of the groups below (<c>page_counter.usage</c>).</summary>
    public AtomicS64 Usage => new(at);

    /// <summary>Pages that may be charged.</summary>
    public PlainS64 Max => new(at + 64);

    /// <summary>The group above; 0 for the root.</summary>
    public PlainPtr Parent => new(at + 72);
}

/// <summary>The way from an address space to its memory control group: the leader's <c>task_struct</c> and its
/// <c>css_set</c>, read by every fault and written by nobody.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field    written by   read by
///      0      8  Cgroups  Prepare      faults; task_struct.cgroups
///     64      8  Subsys   Prepare      faults; css_set.subsys[memory_cgrp_id]
/// </code>
/// Simplified: of the two structs only the lines with these fields are there.
/// </remarks>
public readonly struct OwnerTask(nint at) : IHandle
{
    /// <summary>Each on lines of its own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<OwnerTask>("owner_task", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 128;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Where the <c>css_set</c> is.</summary>
    public PlainPtr Cgroups => new(at);

    /// <summary>The <see cref="FaultMemcg"/>.</summary>
    public PlainPtr Subsys => new(at + 64);
}
