using System.Collections.Generic;
using System.Linq;
using Stress.Corpus;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Reporting;

/// <summary>What <c>list</c> prints.</summary>
internal static class ScenarioList
{
    public static void WriteScenarios(Output output, IReadOnlyList<Scenario> catalog)
    {
        foreach (Scenario scenario in catalog)
        {
            output.Line($"{scenario.Name}: {scenario.Summary}");
            output.Line($"    variants  {string.Join(", ", scenario.Variants.Select(variant => variant.Name))}");
            output.Line(
                $"    tasks     {string.Join(", ", scenario.Variants[0].Plan.Tasks.Select(task => task.Name))}");
        }

        output.Line($"{Figures.Count(catalog.Count, "scenario")}, "
            + $"{Figures.Count(catalog.Sum(scenario => scenario.Variants.Count), "variant")}; "
            + "'stress list variants' says what each is and what must be found in it");
    }

    public static void WriteVariants(Output output, IReadOnlyList<Scenario> catalog)
    {
        foreach (Scenario scenario in catalog)
        {
            output.Line($"{scenario.Name}: {scenario.Summary}");
            foreach (Variant variant in scenario.Variants)
            {
                output.Line($"    {variant.Name} : {variant.Summary}");
                output.Line(
                    $"        expected  {variant.Expected}{(variant.NeedsWeakMemory ? ", under weak memory only" : "")}");
                output.Line($"        source    {variant.Source}");
            }
        }
    }

    public static void WriteLayouts(Output output, IReadOnlyList<VmaLayout> layouts)
    {
        foreach (VmaLayout layout in layouts)
        {
            output.Line($"{layout.Name}: {layout.Summary}");
            output.Line($"    bytes     {layout.Bytes}, {layout.Cache.Stride} in its slab");
            output.Line(
                layout.IsLockEmbedded
                    ? $"    lock      at {layout.LockOffset}"
                    : $"    lock      its own object, {layout.LockCache.Stride} in its slab; pointer at {layout.LockOffset}");
            output.Line($"    source    {(layout.Source.Length > 0 ? layout.Source : layout.Type.Assembly.GetName().Name)}");
        }

        output.Line($"{Figures.Count(layouts.Count, "layout")}; 'stress layout' shows where their fields lie");
    }

    public static void WriteBugs(Output output, IReadOnlyList<Bug> bugs)
    {
        foreach (Bug bug in bugs)
        {
            output.Line($"{bug.Name}: {bug.Variant.Summary}");
            output.Line($"    to find   {bug.Variant.Expected}");
            output.Line($"    source    {bug.Variant.Source}");
            output.Line($"    watch     {Reproduction.Run(bug.Watch)}");
        }

        output.Line($"{Figures.Count(bugs.Count, "bug")}, which 'stress corpus' finds");
    }
}
