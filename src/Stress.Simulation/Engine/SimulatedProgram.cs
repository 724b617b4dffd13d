using Stress.Machine;

namespace Stress.Simulation;

/// <summary>A scenario as the machine calls it: the type is closed here, once.</summary>
internal abstract class SimulatedProgram
{
    public abstract ScenarioPlan Plan { get; }

    public abstract void Place(nint root);

    public abstract Flow Prepare(SimulatedCpu cpu);

    public abstract Flow Work(SimulatedCpu cpu, int role);

    public abstract Flow Check(SimulatedCpu cpu);

    public abstract Flow Teardown(SimulatedCpu cpu);
}

/// <inheritdoc cref="SimulatedProgram"/>
internal sealed class SimulatedProgram<TScenario> : SimulatedProgram
    where TScenario : struct, IScenario<TScenario>
{
    private TScenario _scenario;

    public override ScenarioPlan Plan { get; } = TScenario.Plan;

    public override void Place(nint root) => _scenario = TScenario.At(root);

    public override Flow Prepare(SimulatedCpu cpu) => _scenario.PrepareAsync(cpu);

    public override Flow Work(SimulatedCpu cpu, int role) => _scenario.WorkAsync(cpu, role);

    public override Flow Check(SimulatedCpu cpu) => _scenario.CheckAsync(cpu);

    public override Flow Teardown(SimulatedCpu cpu) => _scenario.TeardownAsync(cpu);
}
