using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>The charge of a page's reservation (<c>hugetlb_cgroup_uncharge_folio_rsvd</c>).</summary>
/// <remarks>Source: <c>mm/hugetlb_cgroup.c</c>, v6.9.</remarks>
public static partial class RsvdCharge
{
    /// <summary>Charges a page to a cgroup.</summary>
    /// <remarks>Context: the page is not shared yet.</remarks>
    public static void Charge<TCpu>(TCpu cpu, HugeFolio folio, HugetlbCgroup group) where TCpu : struct, ICpu
    {
        cpu.FetchAdd(group.Rsvd, 1L);
        cpu.Write(folio.RsvdCgroup, group.Address);
    }

    /// <summary>Takes the charge back, if there still is one.</summary>
    /// <remarks>Context: <c>hugetlb_lock</c> held.</remarks>
    public static void Uncharge<TCpu>(TCpu cpu, HugeFolio folio) where TCpu : struct, ICpu
    {
        cpu.Enter("hugetlb_cgroup_uncharge_folio_rsvd");
        HugetlbCgroup group = new(cpu.Read(folio.RsvdCgroup));
        if (group.Address != 0)
        {
            cpu.Write(folio.RsvdCgroup, 0);
            cpu.FetchAdd(group.Rsvd, -1L);
        }

        cpu.Leave();
    }
}
