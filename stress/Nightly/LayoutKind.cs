using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Layouts;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Scenarios.Vma;

namespace Stress.Nightly;

/// <summary>Writes down where the fields of a layout are: a night in which one has moved says so.</summary>
internal sealed class LayoutKind : IItemKind
{
    private const double Seconds = 0.05;

    public string Name => "layout";

    public string? WhatIsWrong(PlanEntry entry) => entry switch
    {
        { IsOfSchedules: true } => ItemKinds.ScheduleFields,
        { Filter: not null } or { MachineFile: not null } or { Cpus.Count: > 0 } or { Operations: not null }
            or { Iterations: not null } or { Prefetch: false }
            => "a layout entry takes 'scenarios' and 'layouts'; the rest is for simulate and bench entries",
        _ => null,
    };

    public string? WhatIsWrong(IReadOnlyList<PlanItem> items) => null;

    public bool Takes(PlanEntry entry, Variant variant)
        => variant is ILayoutVariant
            && (entry.Layouts.Count == 0 || entry.Layouts.Contains(variant.Name));

    public bool IsExpectedClean(PlanEntry entry, Variant variant) => true;

    public double EstimateSeconds(PlanItem item) => Seconds;

    public bool IsElastic(PlanItem item) => false;

    public RunItem Run(PlanItem item, ulong seed, TimeSpan? slice, Workbench bench, Action<Func<ProgressNote>> progress)
    {
        var card = LayoutCard.Of(((ILayoutVariant)item.Variant).Layout);
        return new RunItem
        {
            Machine = Name,
            Scenario = item.Scenario.Name,
            ScenarioVersion = item.Scenario.Version,
            Variant = item.Variant.Name,
            Expected = "a layout",
            Verdict = Verdicts.NoFinding,
            Outcome = string.Join(", ", card.Structs.Select(told =>
                $"{told.Cache.Name} {told.Cache.ObjectBytes} bytes, one every {told.Cache.Stride}")),
            IsAsExpected = true,
            Seed = 0,
            ElapsedSeconds = 0,
            Counts = Counts(card),
            Reproduce = Reproduction.Run($"layout {item.Variant.Name}"),
        };
    }

    private static Dictionary<string, long> Counts(LayoutCard card)
    {
        var counts = new Dictionary<string, long>();
        foreach (CardStruct told in card.Structs)
        {
            counts[$"{told.Cache.Name} bytes"] = told.Cache.ObjectBytes;
            counts[$"{told.Cache.Name} stride"] = told.Cache.Stride;
            foreach (CardField field in told.Fields)
            {
                counts[$"{told.Cache.Name}.{field.Field.Name} offset"] = field.Field.Offset;
                counts[$"{told.Cache.Name}.{field.Field.Name} bytes"] = field.Field.Bytes;
            }
        }

        return counts;
    }
}
