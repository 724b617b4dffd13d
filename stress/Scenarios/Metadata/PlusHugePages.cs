using Stress.Machine;
using Stress.Mm.Hugetlb;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>A huge page of 2 MiB is allocated, and two parts of one of 1 GiB are freed: no metadata changes.</summary>
public readonly partial struct PlusHugePages<TRule>(nint root) : IScenario<PlusHugePages<TRule>>
    where TRule : struct, IMetadataRule
{
    private const int Allocator = 0;

    private readonly MetadataWorld<SparseMem, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("allocator", "demoter"),
        RootBytes = MetadataWorld<SparseMem, TRule>.Bytes,
    };

    public static PlusHugePages<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, threshold: 1, sections: 0);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == Allocator)
        {
            // Kept until the end.
            cpu.Write(_world.Slot, _world.Map.AllocHugePage(cpu, node: 0).Address);
        }
        else
        {
            Demote(cpu);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Allocator)
        {
            Free(cpu, _world.Map.AllocHugePage(cpu, node: 0));
        }
        else
        {
            Demote(cpu);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        HugeFolio kept = new(cpu.Read(_world.Slot));
        Free(cpu, kept);
        _world.Teardown(cpu);
    }

    private void Demote<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        HugeFolio first = _world.Map.DemoteGigantic(cpu);
        Free(cpu, _world.Map.DemoteGigantic(cpu));
        Free(cpu, first);
    }

    private void Free<TCpu>(TCpu cpu, HugeFolio folio) where TCpu : struct, ICpu
    {
        if (folio.Address != 0)
        {
            _world.Map.FreeHugePage(cpu, node: 0, folio);
        }
    }
}
