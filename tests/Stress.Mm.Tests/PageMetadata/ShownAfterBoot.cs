using Stress.Machine;
using Stress.Mm.PageMetadata;
using Stress.Scenarios.Metadata;

namespace Stress.Mm.Tests.PageMetadata;

/// <summary>Boots, and keeps what users would be shown.</summary>
/// <typeparam name="TModel">Where the map lies.</typeparam>
/// <typeparam name="TRule">The version of the code.</typeparam>
public readonly partial struct ShownAfterBoot<TModel, TRule>(nint root) : IScenario<ShownAfterBoot<TModel, TRule>>
    where TModel : struct, IMemoryModel
    where TRule : struct, IMetadataRule
{
    private static long s_total;
    private static long s_firstNode;

    private readonly MetadataWorld<TModel, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("boot"),
        RootBytes = MetadataWorld<TModel, TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    /// <summary>All pages shown, in the run that ended last.</summary>
    public static long Total => s_total;

    /// <summary>Those of node 0.</summary>
    public static long FirstNode => s_firstNode;

    public static ShownAfterBoot<TModel, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Reset(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
        => _world.Map.Boot(cpu, earlySections: 1, bufferSections: 2, threshold: 3);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => _world.Shown(cpu);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        s_total = _world.Shown(cpu);
        s_firstNode = _world.Map.NodePages(cpu, 0);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
