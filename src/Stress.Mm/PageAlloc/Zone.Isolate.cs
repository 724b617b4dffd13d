using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>Isolating one pageblock, and ending it.</content>
public readonly partial struct Zone<TRule, TSize>
{
    /// <summary>Withholds a pageblock from allocation: <c>set_migratetype_isolate</c>.</summary>
    /// <param name="start">First page frame of the block.</param>
    /// <returns>0 or <see cref="Errno.Busy"/>, and the type that the block had.</returns>
    /// <remarks>Context: takes <see cref="Lock"/>. Busy if somebody else isolates the block, or a page in it cannot be
    /// moved. What is free in it lies on the lists of type ISOLATE afterwards; what is freed later follows. Deviation:
    /// returns the type that it read, which the kernel keeps only since v6.18.</remarks>
    public (long Error, int Type) SetMigratetypeIsolate<TCpu>(TCpu cpu, long start) where TCpu : struct, ICpu
    {
        cpu.Enter("set_migratetype_isolate", start);
        Lock.AcquireIrq(cpu);
        int type = TypeOf(cpu, start);
        long error = Errno.Busy;
        if (type != MigrateType.Isolate && !HasUnmovable(cpu, start) && IsBlockInZone(cpu, start))
        {
            ChangeIsolation(cpu, start, type, MigrateType.Isolate);
            cpu.Write(NrIsolatePageblock, cpu.Read(NrIsolatePageblock) + 1);
            error = 0;
        }

        Lock.ReleaseIrq(cpu);
        cpu.Leave(error);
        return (error, type);
    }

    /// <summary>Ends the isolation of a pageblock: <c>unset_migratetype_isolate</c>.</summary>
    /// <param name="start">First page frame of the block.</param>
    /// <param name="type">Its type from now on.</param>
    /// <remarks>Context: takes <see cref="Lock"/>.</remarks>
    public void UnsetMigratetypeIsolate<TCpu>(TCpu cpu, long start, int type) where TCpu : struct, ICpu
    {
        cpu.Enter("unset_migratetype_isolate", start, type);
        Lock.AcquireIrq(cpu);
        if (TypeOf(cpu, start) == MigrateType.Isolate)
        {
            int order = OrderToMerge(cpu, start);
            if (order >= 0)
            {
                // __isolate_free_page, then __putback_isolated_page: freed anew, it merges.
                TakeFromFreeList(cpu, start, order, MigrateType.Isolate);
                SetType(cpu, start, type);
                FreePage(cpu, start, order, type, isLast: true);
            }
            else
            {
                ChangeIsolation(cpu, start, MigrateType.Isolate, type);
            }

            cpu.Write(NrIsolatePageblock, cpu.Read(NrIsolatePageblock) - 1);
        }

        Lock.ReleaseIrq(cpu);
        cpu.Leave();
    }

    // The order of the free page at the block's start if it could have merged but for the isolation; else -1.
    private int OrderToMerge<TCpu>(TCpu cpu, long start) where TCpu : struct, ICpu
    {
        Page page = Map.PageAt(start);
        int order = page.IsBuddy(cpu) ? page.Order(cpu) : -1;
        if (order < TSize.PageblockOrder || order >= TSize.MaxOrder
            || (TRule.EndsIsolationByBlock && order > TSize.PageblockOrder))
        {
            return -1;
        }

        long buddy = start ^ (1L << order);
        return IsBuddyFree(cpu, buddy, order) && TypeOf(cpu, buddy) != MigrateType.Isolate ? order : -1;
    }

    private void ChangeIsolation<TCpu>(TCpu cpu, long start, int from, int to) where TCpu : struct, ICpu
    {
        switch (TRule.Isolation)
        {
            case IsolationStep.UnlistThenType:
                MoveFreepagesBlockIsolate(cpu, start, to);
                break;
            case IsolationStep.TypeThenSplit when to == MigrateType.Isolate:
                TypeThenSplit(cpu, start, from);
                break;
            case IsolationStep.SplitThenMove when to == MigrateType.Isolate:
                SplitThenMove(cpu, start, from);
                break;
            default:
                MoveFreepagesBlock(cpu, start, from, to);
                break;
        }
    }

    // move_freepages_block_isolate: off the list as of its old type, then the type, then back block by block.
    private void MoveFreepagesBlockIsolate<TCpu>(TCpu cpu, long start, int to) where TCpu : struct, ICpu
    {
        if (TSize.PageblockOrder < TSize.MaxOrder)
        {
            long head = FindLargeBuddy(cpu, start);
            Page page = Map.PageAt(head);
            if (head != start || IsLargeBuddy(cpu, page))
            {
                int order = page.Order(cpu);
                TakeFromFreeList(cpu, head, order, TypeOf(cpu, head));
                SetType(cpu, start, to);
                SplitLargeBuddy(cpu, head, order);
                return;
            }
        }

        MoveFreepagesBlock(cpu, start, TypeOf(cpu, start), to);
    }

    // The series, v2. The head's own type has changed when it is taken off its list.
    private void TypeThenSplit<TCpu>(TCpu cpu, long start, int from) where TCpu : struct, ICpu
    {
        long head = FindLargeBuddy(cpu, start);
        Page page = Map.PageAt(head);
        if (head != start || IsLargeBuddy(cpu, page))
        {
            SetType(cpu, start, MigrateType.Isolate);
            SplitFreePage(cpu, head, page.Order(cpu), BlockPages);
        }
        else
        {
            MoveFreepagesBlock(cpu, start, from, MigrateType.Isolate);
        }
    }

    // The reviewer's form. A head that is split while both halves are of one type merges again.
    private void SplitThenMove<TCpu>(TCpu cpu, long start, int from) where TCpu : struct, ICpu
    {
        long head = FindLargeBuddy(cpu, start);
        Page page = Map.PageAt(head);
        if (head != start)
        {
            SetType(cpu, start, MigrateType.Isolate);
            SplitFreePage(cpu, head, page.Order(cpu), BlockPages);
            return;
        }

        if (IsLargeBuddy(cpu, page))
        {
            SplitFreePage(cpu, start, page.Order(cpu), BlockPages);
        }

        MoveFreepagesBlock(cpu, start, from, MigrateType.Isolate);
    }

    private static bool IsLargeBuddy<TCpu>(TCpu cpu, Page page) where TCpu : struct, ICpu
        => page.IsBuddy(cpu) && page.Order(cpu) > TSize.PageblockOrder;

    // has_unmovable_pages: pages of nobody (free, or in a per-CPU list) and movable ones do not matter.
    private bool HasUnmovable<TCpu>(TCpu cpu, long start) where TCpu : struct, ICpu
    {
        for (long pfn = start; pfn < start + BlockPages;)
        {
            Page page = Map.PageAt(pfn);
            if (page.IsBuddy(cpu))
            {
                pfn += 1L << page.Order(cpu);
                continue;
            }

            // Relaxed, both: the owner changes them without the lock; a page that is just being allocated is missed.
            if (cpu.ReadOnce(page.RefCount) != 0 && (cpu.ReadOnce(page.Flags) & Page.Lru) == 0)
            {
                return true;
            }

            pfn++;
        }

        return false;
    }
}
