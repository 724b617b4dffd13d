using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>Which way the maps go.</summary>
public interface IRemapWay
{
    /// <summary>Whether they are made whole again.</summary>
    static abstract bool IsRestore { get; }
}

/// <summary>Optimised.</summary>
public readonly struct Optimising : IRemapWay
{
    public static bool IsRestore => false;
}

/// <summary>Restored.</summary>
public readonly struct Restoring : IRemapWay
{
    public static bool IsRestore => true;
}

/// <summary>The maps of two huge pages are optimised, or restored, while one allocation may fail.</summary>
public readonly partial struct FailingRemap<TWay, TRule>(nint root) : IScenario<FailingRemap<TWay, TRule>>
    where TWay : struct, IRemapWay
    where TRule : struct, IMetadataRule
{
    private readonly MetadataWorld<SparseMemVmemmap, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = MetadataWorld<SparseMemVmemmap, TRule>.Bytes,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static FailingRemap<TWay, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _world.Prepare(cpu, threshold: 1, sections: 1);
        if (TWay.IsRestore)
        {
            _world.OptimizeAll(cpu, section: 0);
        }
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (TWay.IsRestore)
        {
            _world.Restore(cpu, section: 0, folio: task);
        }
        else
        {
            _world.Optimize(cpu, section: 0, folio: task);
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Flip(cpu, section: 0, folio: role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
