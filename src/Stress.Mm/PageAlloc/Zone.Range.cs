using System;
using Stress.Machine;

namespace Stress.Mm.PageAlloc;

/// <content>Isolating ranges of pageblocks.</content>
public readonly partial struct Zone<TRule, TSize>
{
    /// <summary>Isolates a pageblock at the end of a range: <c>isolate_single_pageblock</c>.</summary>
    /// <param name="boundary">First page frame of a pageblock: the start of the range, or the first behind it.</param>
    /// <param name="isBefore">Whether the block before the boundary is the one.</param>
    /// <param name="isIsolated">Whether it was isolated already, as the other end of the range.</param>
    /// <returns>0 or <see cref="Errno.Busy"/>.</returns>
    /// <remarks>Context: takes <see cref="Lock"/>. Until v6.9 what straddles the boundary is split here. Not modelled:
    /// pages in use that reach over it, and the later warning about free ones, which two ranges that are isolated side
    /// by side can set off.</remarks>
    public long IsolateSinglePageblock<TCpu>(TCpu cpu, long boundary, bool isBefore, bool isIsolated)
        where TCpu : struct, ICpu
    {
        cpu.Enter("isolate_single_pageblock", boundary, isBefore ? 1 : 0);
        long block = isBefore ? boundary - BlockPages : boundary;
        if (!isIsolated && SetMigratetypeIsolate(cpu, block).Error != 0)
        {
            cpu.Leave(Errno.Busy);
            return Errno.Busy;
        }

        long start = cpu.Read(StartPfn);
        if (TRule.Isolation == IsolationStep.TwoSections && boundary > start
            && boundary < start + cpu.Read(SpannedPages))
        {
            SplitStraddling(cpu, Math.Max(block & -MaxBuddyPages, start), boundary);
        }

        cpu.Leave(0);
        return 0;
    }

    /// <summary>Isolates all pageblocks of a range, or none: <c>start_isolate_page_range</c>.</summary>
    /// <param name="start">First page frame.</param>
    /// <param name="end">First page frame behind the range.</param>
    /// <param name="type">What the blocks become again on failure.</param>
    /// <returns>0 or <see cref="Errno.Busy"/>.</returns>
    /// <remarks>Context: takes <see cref="Lock"/> for each block. The first block, then the last, then the middle.
    /// </remarks>
    public long StartIsolatePageRange<TCpu>(TCpu cpu, long start, long end, int type) where TCpu : struct, ICpu
    {
        cpu.Enter("start_isolate_page_range", start, end);
        long error = IsolateEnds(cpu, BlockStart(start), BlockStart(end + BlockPages - 1), type);
        cpu.Leave(error);
        return error;
    }

    /// <summary>Ends the isolation of a range: <c>undo_isolate_page_range</c>.</summary>
    /// <param name="start">First page frame.</param>
    /// <param name="end">First page frame behind the range.</param>
    /// <param name="type">What the blocks become.</param>
    /// <remarks>Context: takes <see cref="Lock"/> for each block. The caller isolated them, so a look without the lock
    /// tells.</remarks>
    public void UndoIsolatePageRange<TCpu>(TCpu cpu, long start, long end, int type) where TCpu : struct, ICpu
    {
        cpu.Enter("undo_isolate_page_range", start, end);
        for (long pfn = BlockStart(start); pfn < end; pfn += BlockPages)
        {
            if (TypeOf(cpu, pfn) == MigrateType.Isolate)
            {
                UnsetMigratetypeIsolate(cpu, pfn, type);
            }
        }

        cpu.Leave();
    }

    /// <summary>Isolates a block while a page in it is moved away, and gives it its type back: the middle of
    /// <c>isolate_single_pageblock</c> until v6.9.</summary>
    /// <param name="start">First page frame of the block.</param>
    /// <returns>0 or <see cref="Errno.Busy"/>.</returns>
    /// <remarks>Context: takes <see cref="Lock"/> twice. Not modelled: the migration in between.</remarks>
    public long IsolateForMigration<TCpu>(TCpu cpu, long start) where TCpu : struct, ICpu
    {
        cpu.Enter("isolate_for_migration", start);
        int early = TRule.SamplesTypeBeforeLock ? TypeOf(cpu, start) : 0;
        (long error, int type) = SetMigratetypeIsolate(cpu, start);
        if (error == 0)
        {
            UnsetMigratetypeIsolate(cpu, start, TRule.SamplesTypeBeforeLock ? early : type);
        }

        cpu.Leave(error);
        return error;
    }

    /// <summary>Whether a range is isolated and all its pages are free: <c>test_pages_isolated</c>.</summary>
    /// <param name="start">First page frame: the head of a free page, if one covers the start of the range.</param>
    /// <param name="end">First page frame behind the range.</param>
    /// <remarks>Context: takes <see cref="Lock"/>. The types are read without it: the caller has set them.</remarks>
    public bool ArePagesIsolated<TCpu>(TCpu cpu, long start, long end) where TCpu : struct, ICpu
    {
        for (long pfn = BlockStart(start); pfn < end; pfn += BlockPages)
        {
            if (TypeOf(cpu, pfn) != MigrateType.Isolate)
            {
                return false;
            }
        }

        Lock.AcquireIrq(cpu);
        bool areFree = true;
        for (long pfn = start; pfn < end && areFree;)
        {
            Page page = Map.PageAt(pfn);
            areFree = page.IsBuddy(cpu);
            pfn += areFree ? 1L << page.Order(cpu) : 0;
        }

        Lock.ReleaseIrq(cpu);
        return areFree;
    }

    // The ends of the range may be one block. What was isolated before a failure is undone.
    private long IsolateEnds<TCpu>(TCpu cpu, long start, long end, int type) where TCpu : struct, ICpu
    {
        if (IsolateSinglePageblock(cpu, start, isBefore: false, isIsolated: false) != 0)
        {
            return Errno.Busy;
        }

        long last = end - BlockPages;
        if (IsolateSinglePageblock(cpu, end, isBefore: true, isIsolated: last == start) != 0)
        {
            UnsetMigratetypeIsolate(cpu, start, type);
            return Errno.Busy;
        }

        for (long pfn = start + BlockPages; pfn < last; pfn += BlockPages)
        {
            if (SetMigratetypeIsolate(cpu, pfn).Error != 0)
            {
                UndoIsolatePageRange(cpu, start, pfn, type);
                UnsetMigratetypeIsolate(cpu, last, type);
                return Errno.Busy;
            }
        }

        return 0;
    }
}
