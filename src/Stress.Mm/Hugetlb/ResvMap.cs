using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>Which huge pages of a file, or of a private mapping, are reserved (<c>struct resv_map</c>).</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <remarks>
/// <code>
/// offset  bytes  field            written by                  read by
///      0      4  Refs             anybody, atomically         anybody
///      4      4  Lock             see QueuedSpinLock          anybody
///      8     16  Regions          holder of Lock              holder of Lock
///     24      8  AddsInProgress   holder of Lock              holder of Lock
///     32     16  RegionCache      holder of Lock              holder of Lock
///     48      8  CacheCount       holder of Lock              holder of Lock
///     56     40  rw_sema          not modelled
/// </code>
/// In the map of a file a page is reserved or instantiated; in that of a private mapping it has been consumed.
/// Invariants while <see cref="Lock"/> is free: CacheCount is at least AddsInProgress, and the length of RegionCache;
/// regions are sorted, disjoint and not empty. An add of one page that was pledged never allocates and cannot fail.
/// Not modelled: cgroup fields of the map itself, and the vma lock that shares its life.
/// Source: <c>mm/hugetlb.c</c>, v6.12 and the versions that <typeparamref name="TRule"/> names.
/// </remarks>
public readonly partial struct ResvMap<TRule>(nint at) : IHandle
    where TRule : struct, IHugetlbRule
{
    /// <inheritdoc/>
    public static int Bytes => 96;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Owners (<c>kref</c>).</summary>
    public AtomicU32 Refs => new(at);

    /// <summary>Guards everything but <see cref="Refs"/>; a leaf.</summary>
    public QueuedSpinLock Lock => new(at + 4, HugetlbLocks.ResvMap);

    /// <summary>The regions, by their first page.</summary>
    public ListHead Regions => new(at + 8);

    /// <summary>Entries pledged to calls between <c>region_chg</c> and <c>region_add</c> or <c>region_abort</c>.
    /// </summary>
    public PlainS64 AddsInProgress => new(at + 24);

    /// <summary>Spare entries.</summary>
    public ListHead RegionCache => new(at + 32);

    /// <summary>How many spare entries there are.</summary>
    public PlainS64 CacheCount => new(at + 48);

    private static SlabCache Entries => TRule.ChargesRegions ? ChargedFileRegion.Cache : FileRegion.Cache;

    /// <summary>Makes a map with one spare entry and one owner (<c>resv_map_alloc</c>), in memory that is there.
    /// </summary>
    /// <returns>Whether there was memory for the entry.</returns>
    public bool Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint entry = cpu.Alloc(Entries);
        if (entry == 0)
        {
            return false;
        }

        // Plain: nobody knows the map yet.
        cpu.Write(Refs, 1u);
        Lock.Initialize(cpu);
        Regions.Initialize(cpu);
        cpu.Write(AddsInProgress, 0L);
        RegionCache.Initialize(cpu);
        RegionCache.AddAfter(cpu, new FileRegion(entry).Link);
        cpu.Write(CacheCount, 1L);
        return true;
    }

    /// <summary>Gives all regions and spare entries back (<c>resv_map_release</c>, without the map's own memory).
    /// </summary>
    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("resv_map_release");
        RegionDel(cpu, 0, long.MaxValue);
        FreeEntries(cpu, RegionCache);
        cpu.BugOn(cpu.Read(AddsInProgress) != 0, "VM_BUG_ON(resv_map->adds_in_progress)");
        cpu.Leave();
    }

    private static void FreeEntries<TCpu>(TCpu cpu, ListHead list) where TCpu : struct, ICpu
    {
        nint entry = cpu.Read(list.Next);
        while (entry != list.Address)
        {
            nint next = cpu.Read(new ListHead(entry).Next);
            cpu.Free(Entries, entry);
            entry = next;
        }
    }
}
