using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Mm.Vma;
using Stress.Scenarios.Vma;

namespace Stress.Layouts;

/// <summary>The layouts that a command can choose from: those of Stress and those of a user's own assemblies.</summary>
internal static class LayoutCatalog
{
    /// <summary>The layouts that there are variants of <c>vma/anon-fault</c> for; the first is the one that others are
    /// compared with.</summary>
    public static IReadOnlyList<VmaLayout> Layouts(this IReadOnlyList<Scenario> catalog)
        =>
        [
            .. catalog.SelectMany(scenario => scenario.Variants).OfType<ILayoutVariant>()
                .Select(variant => variant.Layout),
        ];

    /// <summary>The layouts of these names; all of them for none.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static IReadOnlyList<VmaLayout> Chosen(this IReadOnlyList<VmaLayout> catalog, IReadOnlyList<string> names)
        => names.Count == 0 ? catalog : [.. names.Select(catalog.Layout)];

    /// <summary>The layouts of an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="path">What it was called by.</param>
    /// <exception cref="UsageException">The fields of one cannot be.</exception>
    public static IReadOnlyList<VmaLayout> In(Assembly assembly, string path)
    {
        IReadOnlyList<VmaLayout> own = VmaLayouts.In(assembly);
        foreach (VmaLayout layout in own)
        {
            if (VmaLayoutFields.MistakeIn(layout) is { } mistake)
            {
                throw new UsageException($"--assembly: layout '{layout.Name}' of {path}: {mistake}");
            }
        }

        return own;
    }

    /// <summary>A catalog with a layout more.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="path">Where it comes from.</param>
    /// <exception cref="UsageException">Its name is taken.</exception>
    public static IReadOnlyList<Scenario> With(
        this IReadOnlyList<Scenario> catalog, VmaLayout layout, string path)
    {
        Scenario faults = catalog.First(scenario => scenario.Variants.OfType<ILayoutVariant>().Any());
        if (faults.Variants.Any(variant => variant.Name == layout.Name))
        {
            throw new UsageException(
                $"--assembly: layout '{layout.Name}' of {path} has a name that is taken; give {layout.Type.Name} "
                + "another by [VmaLayout]");
        }

        Scenario more = faults with { Variants = [.. faults.Variants, AnonFaultScenario.VariantOf(layout)] };
        return [.. catalog.Select(scenario => scenario == faults ? more : scenario)];
    }

    private static VmaLayout Layout(this IReadOnlyList<VmaLayout> catalog, string name)
    {
        IEnumerable<string> names = catalog.Select(layout => layout.Name);
        string near = NearestName.Suggestion(name, names);
        return catalog.FirstOrDefault(layout => layout.Name == name)
            ?? throw new UsageException(
                $"unknown layout '{name}'{(near.Length > 0 ? near : $"; there are: {string.Join(", ", names)}")}");
    }
}
