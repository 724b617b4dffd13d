namespace Stress.Machine;

/// <summary>A closed concurrent program over memory: what the tasks do, and what must hold.</summary>
/// <remarks>
/// Implement as a <c>readonly partial struct</c> around the address of its root block; the generator adds the twins.
/// <see cref="Prepare"/>, <see cref="Check"/> and <see cref="Teardown"/> run alone, as the methods that they are.
/// </remarks>
/// <typeparam name="TSelf">The scenario itself.</typeparam>
public partial interface IScenario<TSelf>
    where TSelf : struct, IScenario<TSelf>
{
    /// <summary>Its tasks and sizes.</summary>
    static abstract ScenarioPlan Plan { get; }

    /// <summary>The scenario over a root block of <see cref="ScenarioPlan.RootBytes"/> zeroed bytes, aligned to a page.
    /// </summary>
    static abstract TSelf At(nint root);

    /// <summary>Builds the initial state, before any task runs.</summary>
    void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu;

    /// <summary>Explored: runs one task to its end.</summary>
    /// <param name="task">Index into <see cref="ScenarioPlan.Tasks"/>.</param>
    void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu;

    /// <summary>Hammered: makes one operation, as one of many in a loop.</summary>
    /// <param name="role">Index into <see cref="ScenarioPlan.Tasks"/>: what the thread plays. A worker never returns
    /// from its operation until <see cref="ICpu.WaitForWork{T}"/> says that nothing is left.</param>
    void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu;

    /// <summary>Explored: asked after every outermost operation of a task, as one indivisible look at memory.</summary>
    /// <remarks>Other tasks may be in the middle of theirs. Only <see cref="ICpu.Require"/> and reads are allowed.
    /// </remarks>
    void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu;

    /// <summary>Judges the state while no operation is open: at the end, and at every checkpoint of a hammer run.
    /// </summary>
    void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu;

    /// <summary>Gives back everything, after <see cref="Check"/>: objects that still live then are leaks.</summary>
    void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu;
}
