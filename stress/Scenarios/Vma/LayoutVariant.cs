using Stress.Machine;
using Stress.Mm.Faults;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>The faults of <c>vma/anon-fault</c> with a layout of the VMA.</summary>
public interface ILayoutVariant
{
    /// <summary>The layout.</summary>
    VmaLayout Layout { get; }
}

/// <inheritdoc cref="ILayoutVariant"/>
/// <param name="layout">The layout.</param>
internal sealed class LayoutVariant<TLayout>(VmaLayout layout) : Variant, ILayoutVariant
    where TLayout : struct, IVmaLayout<TLayout>
{
    /// <inheritdoc/>
    public VmaLayout Layout => layout;

    /// <inheritdoc/>
    public override ScenarioPlan Plan => AnonFault<TLayout, FaultsAsMerged>.Plan;

    /// <inheritdoc/>
    public override TResult Accept<TResult>(IScenarioVisitor<TResult> visitor)
        => visitor.Visit<AnonFault<TLayout, FaultsAsMerged>>();
}
