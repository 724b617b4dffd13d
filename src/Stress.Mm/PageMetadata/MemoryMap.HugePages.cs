using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Mm.PageMetadata;

/// <content>Huge pages from the page allocator, without a virtual memory map: they change no metadata.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    /// <summary>Gets a huge page of 2 MiB: <c>alloc_buddy_hugetlb_folio</c>.</summary>
    /// <returns>Its address is 0 without memory.</returns>
    public HugeFolio AllocHugePage<TCpu>(TCpu cpu, int node) where TCpu : struct, ICpu
    {
        cpu.Enter("alloc_buddy_hugetlb_folio", node);
        HugeFolio folio = HugeFolio.Create(cpu);
        if (folio.Address != 0 && TRule.CountsHugePages && !TModel.IsVmemmap)
        {
            // __node_stat_add_folio(folio, NR_PAGE_METADATA): counts folio_nr_pages.
            Count(cpu, node, SectionSize.HugePages);
        }

        cpu.Leave(folio.Address != 0 ? 1 : 0);
        return folio;
    }

    /// <summary>Gets a huge page that is part of one of 1 GiB, split since: <c>alloc_gigantic_folio</c>,
    /// <c>demote_hugetlb_folio</c>.</summary>
    /// <returns>Its address is 0 without memory.</returns>
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Performance", "CA1822", Justification = "Which state it needs is the instance's own affair.")]
    public HugeFolio DemoteGigantic<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("demote_hugetlb_folio");
        HugeFolio folio = HugeFolio.Create(cpu);
        cpu.Leave(folio.Address != 0 ? 1 : 0);
        return folio;
    }

    /// <summary>Gives a huge page back: <c>__update_and_free_hugetlb_folio</c>.</summary>
    public void FreeHugePage<TCpu>(TCpu cpu, int node, HugeFolio folio) where TCpu : struct, ICpu
    {
        cpu.Enter("__update_and_free_hugetlb_folio", node);
        if (TRule.CountsHugePages && !TModel.IsVmemmap)
        {
            Count(cpu, node, -SectionSize.HugePages);
        }

        cpu.Free(HugeFolio.Cache, folio.Address);
        cpu.Leave();
    }
}
