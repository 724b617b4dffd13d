using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>What a mapping of a hugetlbfs file knows of reservations: the words of <c>vm_area_struct</c> that count.
/// </summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <remarks>
/// <code>
/// offset  bytes  field        written by     read by
///      0      8  Flags        once           anybody
///      8      8  Inode        once           anybody
///     16      8  PrivateData  once, at mmap  anybody
///     24      8  Length       once           anybody
/// </code>
/// PrivateData of a private mapping: the address of its map, and two bits.
/// <code>
/// bit 0  OWNER      the task that made the reservation
/// bit 1  UNMAPPED   not modelled
/// </code>
/// Deviations: an offset in the file is the page's number in the mapping; the words are immutable, so the VMA's lock
/// is not taken. Not modelled: NORESERVE, cow_from_owner (<c>avoid_reserve</c>), cgroup charges, memory policies.
/// Source: <c>mm/hugetlb.c</c>, v6.12.
/// </remarks>
public readonly partial struct HugetlbVma<TRule>(nint at) : IHandle
    where TRule : struct, IHugetlbRule
{
    /// <summary>Bit of <see cref="Flags"/>: <c>VM_MAYSHARE</c>.</summary>
    public const ulong MayShare = 0x80;

    private const nint Owner = 1;
    private const nint MapFlags = 3;

    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary><see cref="MayShare"/> or 0.</summary>
    public PlainU64 Flags => new(at);

    /// <summary>The file.</summary>
    public PlainPtr Inode => new(at + 8);

    /// <summary>A private mapping's map and its bits (<c>vm_private_data</c>).</summary>
    public PlainPtr PrivateData => new(at + 16);

    /// <summary>Pages of the mapping.</summary>
    public PlainS64 Length => new(at + 24);

    /// <summary>Makes a mapping of a file, without reservations.</summary>
    public void Initialize<TCpu>(TCpu cpu, HugetlbInode<TRule> inode, bool isShared, long length)
        where TCpu : struct, ICpu
    {
        cpu.Write(Flags, isShared ? MayShare : 0);
        cpu.Write(Inode, inode.Address);
        cpu.Write(PrivateData, 0);
        cpu.Write(Length, length);
    }

    /// <summary>Reserves all pages of a private mapping (<c>hugetlb_reserve_pages</c>).</summary>
    /// <param name="map">Memory of the mapping's own map.</param>
    /// <returns>0, or an error with nothing reserved.</returns>
    /// <remarks>Nothing is entered into the map: an entry will say that a page's reservation was used up.</remarks>
    public long Reserve<TCpu>(TCpu cpu, ResvMap<TRule> map) where TCpu : struct, ICpu
    {
        long length = cpu.Read(Length);
        cpu.Enter("hugetlb_reserve_pages", 0, length);
        if (!map.Initialize(cpu))
        {
            cpu.Leave(Errno.NoMemory);
            return Errno.NoMemory;
        }

        HugetlbInode<TRule> inode = new(cpu.Read(Inode));
        long result = SubpoolAccounting<TRule>.Take(
            cpu, new HugepageSubpool(cpu.Read(inode.Subpool)), new HugetlbPool(cpu.Read(inode.Pool)), length);
        if (result < 0)
        {
            map.Release(cpu);
            cpu.Leave(result);
            return result;
        }

        cpu.Write(PrivateData, map.Address | Owner);
        cpu.Leave(0);
        return 0;
    }

    /// <summary>Gives back what a private mapping did not use (<c>hugetlb_vm_op_close</c>).</summary>
    public void Close<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("hugetlb_vm_op_close");
        ResvMap<TRule> map = new(cpu.Read(PrivateData) & ~MapFlags);
        long length = cpu.Read(Length);
        long unused = length - map.RegionCount(cpu, 0, length);
        map.Release(cpu);
        if (unused != 0)
        {
            HugetlbInode<TRule> inode = new(cpu.Read(Inode));
            SubpoolAccounting<TRule>.Return(
                cpu, new HugepageSubpool(cpu.Read(inode.Subpool)), new HugetlbPool(cpu.Read(inode.Pool)), unused);
        }

        cpu.Leave();
    }

    private bool IsShared<TCpu>(TCpu cpu) where TCpu : struct, ICpu => (cpu.Read(Flags) & MayShare) != 0;

    // vma_resv_map
    private ResvMap<TRule> Map<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (IsShared(cpu))
        {
            return new HugetlbInode<TRule>(cpu.Read(Inode)).Map;
        }

        return new ResvMap<TRule>(cpu.Read(PrivateData) & ~MapFlags);
    }
}
