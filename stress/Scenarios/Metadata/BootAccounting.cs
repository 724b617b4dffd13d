using Stress.Machine;
using Stress.Mm.PageMetadata;

namespace Stress.Scenarios.Metadata;

/// <summary>The machine boots with one section in a buffer for two, or with one map for each node.</summary>
public readonly partial struct BootAccounting<TModel, TRule>(nint root) : IScenario<BootAccounting<TModel, TRule>>
    where TModel : struct, IMemoryModel
    where TRule : struct, IMetadataRule
{
    private readonly MetadataWorld<TModel, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("boot"),
        RootBytes = MetadataWorld<TModel, TRule>.Bytes,
        PlainAccessesArePoints = false,
    };

    public static BootAccounting<TModel, TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Reset(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        _world.Map.HotplugLock.DownWrite(cpu);
        if (cpu.Read(_world.Slot) == 0)
        {
            cpu.Write(_world.Slot, 1);
            _world.Map.Boot(cpu, earlySections: 1, bufferSections: 2, threshold: 3);
        }

        _world.Map.HotplugLock.UpWrite(cpu);
        _world.Shown(cpu);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}
