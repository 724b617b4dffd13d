using System;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>A scenario as the machine calls it: the type is closed here, once.</summary>
internal abstract class ExploredProgram
{
    public abstract Type ScenarioType { get; }

    public abstract ScenarioPlan Plan { get; }

    public abstract void Place(nint root);

    public abstract Flow Start(ExploredCpu cpu, int task);

    public abstract void Prepare(DirectCpu cpu);

    public abstract void Invariant(DirectCpu cpu);

    public abstract void Check(DirectCpu cpu);

    public abstract void Teardown(DirectCpu cpu);
}

/// <inheritdoc cref="ExploredProgram"/>
internal sealed class ExploredProgram<TScenario> : ExploredProgram
    where TScenario : struct, IScenario<TScenario>
{
    private TScenario _scenario;

    public override Type ScenarioType => typeof(TScenario);

    public override ScenarioPlan Plan { get; } = TScenario.Plan;

    public override void Place(nint root) => _scenario = TScenario.At(root);

    public override Flow Start(ExploredCpu cpu, int task) => _scenario.ActAsync(cpu, task);

    public override void Prepare(DirectCpu cpu) => _scenario.Prepare(cpu);

    public override void Invariant(DirectCpu cpu) => _scenario.Invariant(cpu);

    public override void Check(DirectCpu cpu) => _scenario.Check(cpu);

    public override void Teardown(DirectCpu cpu) => _scenario.Teardown(cpu);
}
