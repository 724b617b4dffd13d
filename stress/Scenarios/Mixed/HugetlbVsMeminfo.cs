using Stress.Machine;
using Stress.Mm.PageMetadata;
using Stress.Scenarios.Hugetlb;
using Stress.Scenarios.Metadata;
using HugetlbRule = Stress.Mm.Hugetlb.UpstreamFixed;

namespace Stress.Scenarios.Mixed;

/// <summary>Huge pages are mapped and given back on one CPU, with their maps, while somebody reads meminfo.</summary>
/// <remarks>
/// Which huge page has which map is not modelled: files have the pages of one block, and sections the maps of another.
/// <code>
/// offset  bytes  field
///      0    768  Block  see HugetlbBlock
///   4096      -  World  see MetadataWorld
/// </code>
/// </remarks>
public readonly partial struct HugetlbVsMeminfo<TRule>(nint root) : IScenario<HugetlbVsMeminfo<TRule>>
    where TRule : struct, IMetadataRule
{
    private const int WorldOffset = 4096;
    private const sbyte Threshold = 3;
    private const long MappedPage = 4;

    private readonly HugetlbBlock<HugetlbRule> _block = new(root);
    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root + WorldOffset);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("mapper", 0), new TaskSpec("unmapper", 0), new TaskSpec("reader", 1)],
        RootBytes = WorldOffset + MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
        AllocationFailures = 1,
    };

    private HugetlbFile<HugetlbRule> File => _block.File;

    public static HugetlbVsMeminfo<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu, pages: 1, max: 8, min: 0, overcommit: 2);
        _world.Prepare(cpu, Threshold, sections: 1);
        File.Mmap(cpu, MappedPage, MappedPage + 1);
        _block.Fault(cpu, MappedPage);
        _world.Optimize(cpu, section: 0, folio: 1);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                // A surplus page: prep_new_hugetlb_folio optimises its map before the fault has it.
                _world.Optimize(cpu, section: 0, folio: 0);
                _block.Fault(cpu, 0);
                break;
            case 1:
                // The map of a surplus page is whole again before the page is given back.
                _world.Restore(cpu, section: 0, folio: 1);
                File.Truncate(cpu, MappedPage, _block.FaultMutex);
                break;
            default:
                _world.Shown(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role < 2)
        {
            _world.Flip(cpu, section: 0, folio: role);
            _block.Any(cpu, role);
        }
        else
        {
            _world.Shown(cpu);
            _world.Map.Fold(cpu);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Check(cpu);
        _world.Check(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Teardown(cpu);
        _world.Teardown(cpu);
    }
}
