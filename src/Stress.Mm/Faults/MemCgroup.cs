using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>A memory control group, as the charge of a page sees it.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   line  written by                          read by
///      0      8  Usage      0  every CPU, once for a batch         the same
///     64      8  Max        1  nobody                              whoever charges
///     72      8  Parent     1  nobody                              whoever charges
/// </code>
/// <c>struct page_counter</c> has the usage alone on its line since v6.1.
/// </remarks>
/// <param name="at">Address of the struct.</param>
public readonly struct MemCgroup(nint at) : IHandle
{
    /// <summary>Each on lines of its own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<MemCgroup>("mem_cgroup", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

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

/// <summary>The way from an address space to its memory control group: the leader's task, and its <c>css_set</c>.
/// </summary>
/// <remarks>Read by every fault, written by nobody.</remarks>
/// <param name="at">Address of the struct.</param>
public readonly struct OwnerTask(nint at) : IHandle
{
    /// <summary>The leader's <c>task_struct</c> and its <c>css_set</c>, on lines of their own.</summary>
    public static SlabCache Cache { get; } =
        SlabCache.For<OwnerTask>("owner_task", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    /// <inheritdoc/>
    public static int Bytes => 128;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary><c>task_struct.cgroups</c>: the address of <see cref="Subsys"/>'s struct.</summary>
    public PlainPtr Cgroups => new(at);

    /// <summary><c>css_set.subsys[memory_cgrp_id]</c>: a <see cref="MemCgroup"/>.</summary>
    public PlainPtr Subsys => new(at + 64);
}
