using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>The root block of the metadata scenarios: a machine with its memory map, and a word of the scenario's.
/// </summary>
public readonly partial struct MetadataWorld<TModel, TRule>(nint root)
    where TModel : struct, IMemoryModel
    where TRule : struct, IMetadataRule
{
    /// <summary>What users see is what there is.</summary>
    public const string ShownWrong = "the pages shown are the pages held";

    public static int Bytes => MemoryMap<TModel, TRule>.Bytes + 64;

    public MemoryMap<TModel, TRule> Map => new(root);

    /// <summary>A word for the scenario.</summary>
    public PlainPtr Slot => new(root + MemoryMap<TModel, TRule>.Bytes);

    /// <summary>Begins to boot.</summary>
    public void Reset<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Map, "map");
        Map.Initialize(cpu);
        for (int section = 0; section < MemoryMap<TModel, TRule>.Sections; section++)
        {
            cpu.Label(Map.Section(section), section == 0 ? "section#0" : "section#1");
        }
    }

    /// <summary>Boots, and adds sections to node 0 by hotplug.</summary>
    public void Prepare<TCpu>(TCpu cpu, sbyte threshold, int sections) where TCpu : struct, ICpu
    {
        Reset(cpu);
        Map.Boot(cpu, earlySections: 0, bufferSections: 0, threshold);
        for (int section = 0; section < sections; section++)
        {
            cpu.Require(Map.AddMemory(cpu, section, node: 0) == 0, "there is memory for the map");
            cpu.Require(Map.OnlinePages(cpu, section) == 0, "there is memory for page_ext");
        }
    }

    public void Optimize<TCpu>(TCpu cpu, int section, int folio) where TCpu : struct, ICpu
    {
        if (Map.TakeFolio(cpu, section, folio))
        {
            Map.OptimizeFolio(cpu, section, folio);
            Map.PutFolio(cpu, section, folio);
        }
    }

    public void Restore<TCpu>(TCpu cpu, int section, int folio) where TCpu : struct, ICpu
    {
        if (Map.TakeFolio(cpu, section, folio))
        {
            Map.RestoreFolio(cpu, section, folio);
            Map.PutFolio(cpu, section, folio);
        }
    }

    /// <summary>One or the other, as it comes.</summary>
    public void Flip<TCpu>(TCpu cpu, int section, int folio) where TCpu : struct, ICpu
    {
        if (cpu.Choose(2) == 0)
        {
            Optimize(cpu, section, folio);
        }
        else
        {
            Restore(cpu, section, folio);
        }
    }

    /// <summary>All huge pages of a section at once, if nobody else has one.</summary>
    public void OptimizeAll<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        if (!Map.TakeFolio(cpu, section, 0))
        {
            return;
        }

        if (Map.TakeFolio(cpu, section, 1))
        {
            Map.OptimizeFolios(cpu, section);
            Map.PutFolio(cpu, section, 1);
        }

        Map.PutFolio(cpu, section, 0);
    }

    /// <summary>Reads what users are shown.</summary>
    /// <returns>Pages.</returns>
    public long Shown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TRule.CountsByNode)
        {
            return Map.MeminfoPages(cpu);
        }

        (long buddy, long boot) = Map.VmstatPages(cpu);
        return buddy + boot;
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.RequireNoNegative(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Audit(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Map.Shutdown(cpu);

    /// <summary>The body of the RCU worker.</summary>
    public void ServeRcu<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint batch = Map.Rcu.WaitForBatch(cpu);
        while (batch != 0)
        {
            SectionUsage.RunBatch(cpu, batch);
            batch = Map.Rcu.WaitForBatch(cpu);
        }
    }
}
