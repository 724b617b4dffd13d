using System;
using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>Free lists and the count of free pages. Context of everything here: <see cref="Lock"/>.</content>
public readonly partial struct Zone<TRule, TSize>
{
    private const string TypeMismatch = "page type is not the passed migratetype";

    // __add_to_free_list. The warning is the kernel's own, of builds with CONFIG_DEBUG_VM.
    private void AddToFreeList<TCpu>(TCpu cpu, long pfn, int order, int type, bool isLast) where TCpu : struct, ICpu
    {
        cpu.WarnOn(TypeOf(cpu, pfn) != type, TypeMismatch);
        Area(order).Add(cpu, Map.PageAt(pfn), type, isLast);
    }

    // __del_page_from_free_list. Deviation: looks for the buddy before it unlinks, as the link of another page is junk.
    private void DelPageFromFreeList<TCpu>(TCpu cpu, long pfn, int order, int type) where TCpu : struct, ICpu
    {
        Page page = Map.PageAt(pfn);
        cpu.BugOn(!page.IsBuddy(cpu), "VM_BUG_ON_PAGE(!PageBuddy(page), page)");
        cpu.WarnOn(TypeOf(cpu, pfn) != type, TypeMismatch);
        Area(order).Remove(cpu, page, type);

        // Relaxed: whoever looks without the lock takes it for a hint.
        cpu.WriteOnce(page.PageType, Page.NoType);
        cpu.WriteOnce(page.Private, 0UL);
    }

    // del_page_from_free_list: as the above, and the pages are free no more.
    private void TakeFromFreeList<TCpu>(TCpu cpu, long pfn, int order, int type) where TCpu : struct, ICpu
    {
        DelPageFromFreeList(cpu, pfn, order, type);
        AccountFreePages(cpu, -(1L << order), type);
    }

    // move_to_free_list: to the end of the new list.
    private void MoveToFreeList<TCpu>(TCpu cpu, long pfn, int order, int from, int to) where TCpu : struct, ICpu
    {
        Page page = Map.PageAt(pfn);
        cpu.WarnOn(TypeOf(cpu, pfn) != from, TypeMismatch);
        Area(order).Remove(cpu, page, from);
        Area(order).Add(cpu, page, to, isLast: true);
        AccountFreePages(cpu, -(1L << order), from);
        AccountFreePages(cpu, 1L << order, to);
    }

    // account_freepages: what is isolated is not free.
    private void AccountFreePages<TCpu>(TCpu cpu, long pages, int type) where TCpu : struct, ICpu
    {
        if (type != MigrateType.Isolate)
        {
            ModFreePages(cpu, pages);
        }
    }

    // __mod_zone_page_state: interrupts are off, so the plain read and write of the diff are one.
    private void ModFreePages<TCpu>(TCpu cpu, long pages) where TCpu : struct, ICpu
    {
        PerCpuPages part = Pcp(cpu, cpu.Id);
        long sum = cpu.Read(part.Diff) + pages;
        if (Math.Abs(sum) > cpu.Read(part.Threshold))
        {
            // Relaxed: counters order nothing.
            cpu.FetchAddRelaxed(NrFreePages, sum);
            sum = 0;
        }

        cpu.Write(part.Diff, (sbyte)sum);
    }

    // find_buddy_page_pfn: whether the page that would make a larger one with this is free, as a whole, in this zone.
    private bool IsBuddyFree<TCpu>(TCpu cpu, long buddy, int order) where TCpu : struct, ICpu
    {
        Page page = Map.PageAt(buddy);
        return page.IsBuddy(cpu) && page.Order(cpu) == order && page.ZoneNumber(cpu) == cpu.Read(Number);
    }

    // change_pageblock_range
    private void ChangePageblockRange<TCpu>(TCpu cpu, long pfn, int order, int type) where TCpu : struct, ICpu
    {
        for (long block = pfn; block < pfn + (1L << order); block += BlockPages)
        {
            SetType(cpu, block, type);
        }
    }
}
