using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>Who pays for reservations (<c>struct hugetlb_cgroup</c>): a reference count and a counter of pages.
/// </summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by           read by
///      0      8  RefCount  anybody, atomically  anybody
///      8      8  Rsvd      anybody, atomically  anybody
/// </code>
/// Deviation: the kernel counts references per CPU (<c>percpu_ref</c>); one atomic word counts the same.
/// Source: <c>mm/hugetlb_cgroup.c</c>, v6.12.
/// </remarks>
public readonly partial struct HugetlbCgroup(nint at) : IHandle
{
    /// <summary>The objects.</summary>
    public static readonly SlabCache Cache = SlabCache.For<HugetlbCgroup>("hugetlb_cgroup", SlabOptions.NoFail);

    /// <inheritdoc/>
    public static int Bytes => 16;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Owners; the last one frees it.</summary>
    public AtomicS64 RefCount => new(at);

    /// <summary>Pages charged (<c>rsvd_hugepage</c>).</summary>
    public AtomicS64 Rsvd => new(at + 8);

    /// <summary>Makes one that the caller owns one reference of.</summary>
    public static HugetlbCgroup Create<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        HugetlbCgroup group = new(cpu.Alloc(Cache));
        cpu.Write(group.RefCount, 1L);
        cpu.Write(group.Rsvd, 0L);
        return group;
    }

    /// <summary>Takes another reference; the caller owns one, or the map that holds one is locked (<c>css_get</c>).
    /// </summary>
    public void Get<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        // Relaxed: a reference that exists keeps the object; nothing is published through the new one.
        => cpu.FetchAddRelaxed(RefCount, 1L);

    /// <summary>Gives a reference back and frees the object with the last one (<c>css_put</c>).</summary>
    public void Put<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Fully ordered: what every owner did comes before the free by the last one.
        if (cpu.FetchAdd(RefCount, -1L) == 1)
        {
            cpu.Free(Cache, at);
        }
    }
}
