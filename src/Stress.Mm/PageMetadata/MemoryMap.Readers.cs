using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <content>Who looks at the map from anywhere.</content>
public readonly partial struct MemoryMap<TModel, TRule>
{
    /// <summary>The text of the requirement that <see cref="LookAtPage"/> makes.</summary>
    public const string HeadLost = "a struct page is the head of its huge page, or leads to it";

    /// <summary>Whether there is a struct page for a page: <c>pfn_valid</c>.</summary>
    /// <param name="section">0 or 1.</param>
    /// <param name="subsection">0 or 1.</param>
    public bool PfnValid<TCpu>(TCpu cpu, int section, int subsection) where TCpu : struct, ICpu
    {
        cpu.Enter("pfn_valid", section, subsection);
        MemSection asked = Section(section);
        bool isValid = false;
        cpu.RcuReadLock();

        // Acquire, pairs with the release of FinishAdd.
        ulong memMap = cpu.LoadAcquire(asked.SectionMemMap);
        if ((memMap & MemSection.HasMemMap) != 0)
        {
            // Dereference: 0 when the section has gone since.
            nint usage = cpu.Dereference(asked.Usage);

            // Relaxed: the caller must hold the memory anyway if he wants to use it.
            isValid = usage != 0 && ((cpu.ReadOnce(new SectionUsage(usage).SubsectionMap) >> subsection) & 1) != 0;
        }

        cpu.RcuReadUnlock();
        cpu.Leave(isValid ? 1 : 0);
        return isValid;
    }

    /// <summary>Looks at the first struct page of a page of a map, as a walker over page frames does:
    /// <c>page_fixed_fake_head</c>, <c>compound_head</c>.</summary>
    /// <param name="section">0 or 1.</param>
    /// <param name="index">From 0 to <see cref="SectionSize.MapPages"/> less one.</param>
    /// <returns>Whether the memory is online.</returns>
    /// <remarks>Keeps the memory by the hotplug lock (<c>get_online_mems</c>).</remarks>
    public bool LookAtPage<TCpu>(TCpu cpu, int section, int index) where TCpu : struct, ICpu
    {
        cpu.Enter("compound_head", section, index);
        HotplugLock.DownRead(cpu);
        MemSection looked = Section(section);
        bool isOnline = (cpu.ReadOnce(looked.SectionMemMap) & MemSection.Online) != 0;
        if (isOnline)
        {
            bool mustBeTail = index % SectionSize.FolioMapPages != 0;
            ulong first = LoadThroughMap(cpu, looked, index, isFirst: true);
            if (mustBeTail && (first & PageFrame.Head) != 0)
            {
                // A fake head: the page is shared with the head's, and the struct page behind it tells.
                first = LoadThroughMap(cpu, looked, index, isFirst: false);
            }

            cpu.Require((first & (mustBeTail ? PageFrame.Tail : PageFrame.Head)) != 0, HeadLost);
        }

        HotplugLock.UpRead(cpu);
        cpu.Leave(isOnline ? 1 : 0);
        return isOnline;
    }

    // One load instruction: translation and access cannot be parted by a flush.
    private static ulong LoadThroughMap<TCpu>(TCpu cpu, MemSection section, int index, bool isFirst)
        where TCpu : struct, ICpu
    {
        cpu.RcuReadLock();
        PageFrame page = PageAt(cpu, section, index);
        ulong word = cpu.ReadOnce(isFirst ? page.First : page.Rest);
        cpu.RcuReadUnlock();
        cpu.BugOn(word == PageFrame.Poison, PageFrame.PoisonText);
        return word;
    }
}
