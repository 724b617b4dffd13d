using Stress.Machine;
using Stress.Mm.PageMetadata;
using Stress.Scenarios.Metadata;

namespace Stress.Mm.Tests.PageMetadata;

/// <summary>One task makes random calls on a memory map, and keeps a count of its own of the pages that it takes.</summary>
/// <typeparam name="TRule">The version of the code.</typeparam>
/// <typeparam name="TEarly">Whether a section is there from boot on.</typeparam>
/// <remarks>The count is one word for all pages, raised and lowered by what each call says that it has done; a call
/// that fails must leave it as it was.</remarks>
public readonly partial struct MetadataAlgebra<TRule, TEarly>(nint root) : IScenario<MetadataAlgebra<TRule, TEarly>>
    where TRule : struct, IMetadataRule
    where TEarly : struct, IEarly
{
    public const string Differs = "the counters are the reference count";

    private const int Calls = 40;
    private const int Saved = SectionSize.FolioMapPages - 1;

    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("only"),
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes + 8,
        PlainAccessesArePoints = false,
    };

    private PlainS64 Reference => new(root + MetadataWorld<SparseMemVmemmap, TRule>.Bytes);

    public static MetadataAlgebra<TRule, TEarly> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Reset(cpu);
        _world.Map.Boot(cpu, TEarly.Sections, TEarly.Sections, threshold: 2);
        cpu.Write(Reference, TEarly.Sections * (SectionSize.MapPages + SectionSize.ExtPages));
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        for (int i = 0; i < Calls; i++)
        {
            Work(cpu, 0);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        int section = (int)cpu.Choose(2);
        long change = Call(cpu, section, folio: (int)cpu.Choose(2));
        cpu.Write(Reference, cpu.Read(Reference) + change);
        SectionUsage.RunBatch(cpu, _world.Map.Rcu.TakeAll(cpu));
        (long buddy, long boot) = _world.Map.CountedPages(cpu);
        cpu.Require(buddy + boot == cpu.Read(Reference), Differs);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);

    private long Call<TCpu>(TCpu cpu, int section, int folio) where TCpu : struct, ICpu
    {
        switch (cpu.Choose(7))
        {
            case 0:
                return _world.Map.AddMemory(cpu, section, node: (int)cpu.Choose(2)) == 0 ? SectionSize.MapPages : 0;
            case 1:
                return _world.Map.RemoveMemory(cpu, section) == 0 ? -SectionSize.MapPages : 0;
            case 2:
                return _world.Map.OnlinePages(cpu, section) == 0 ? SectionSize.ExtPages : 0;
            case 3:
                return Offline(cpu, section);
            case 4:
                return Remap(cpu, section, folio, isRestore: false);
            case 5:
                return Remap(cpu, section, folio, isRestore: true);
            default:
                long before = Optimized(cpu, section);
                _world.OptimizeAll(cpu, section);
                return -Saved * (Optimized(cpu, section) - before);
        }
    }

    private long Offline<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        long before = Optimized(cpu, section);
        bool isOffline = _world.Map.OfflinePages(cpu, section) == 0;
        cpu.Require(!isOffline || Optimized(cpu, section) == 0, "what is offline has a whole map");

        // Maps that were restored before an error stay whole.
        return (Saved * (before - Optimized(cpu, section))) - (isOffline ? SectionSize.ExtPages : 0);
    }

    private long Remap<TCpu>(TCpu cpu, int section, int folio, bool isRestore) where TCpu : struct, ICpu
    {
        if (!_world.Map.TakeFolio(cpu, section, folio))
        {
            return 0;
        }

        long before = Optimized(cpu, section);
        long error = isRestore
            ? _world.Map.RestoreFolio(cpu, section, folio)
            : _world.Map.OptimizeFolio(cpu, section, folio);
        _world.Map.PutFolio(cpu, section, folio);
        long after = Optimized(cpu, section);
        cpu.Require(error == 0 || after == before, "a call that fails changes no flag");
        return Saved * (before - after);
    }

    private long Optimized<TCpu>(TCpu cpu, int section) where TCpu : struct, ICpu
    {
        MemSection asked = _world.Map.Section(section);
        return (long)(cpu.ReadOnce(asked.Folio(0)) + cpu.ReadOnce(asked.Folio(1)));
    }
}

/// <summary>Whether a section is there from boot on.</summary>
public interface IEarly
{
    /// <summary>How many are.</summary>
    static abstract int Sections { get; }
}

/// <summary>All memory is added later.</summary>
public readonly struct NoEarly : IEarly
{
    public static int Sections => 0;
}

/// <summary>The first section is.</summary>
public readonly struct OneEarly : IEarly
{
    public static int Sections => 1;
}
