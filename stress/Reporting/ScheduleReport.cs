using System.Collections.Generic;
using System.Linq;
using Stress.Nightly;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>What <c>nightly --dry-run</c> prints: what would run, what it costs, and in which shard.</summary>
internal static class ScheduleReport
{
    public static void Write(
        Output output,
        NightSchedule schedule,
        IReadOnlyDictionary<string, PlanItem> items,
        IReadOnlyList<string> warnings)
    {
        if (output.IsJson)
        {
            Output.WriteJson(ResultsJson.Write(schedule));
            return;
        }

        var table = new TextTable(">#", "item", "expected", ">about", "why");
        int number = 0;
        foreach (ScheduledItem item in schedule.Items)
        {
            number++;
            table.Add(
                $"{number}",
                item.Key,
                ExpectedOf(item, items),
                Figures.Seconds(item.EstimatedSeconds),
                item.Why);
        }

        output.Write(table);
        output.Line();
        string budget = schedule.BudgetSeconds is { } seconds ? $", budget {Figures.Seconds(seconds)}" : "";
        output.Line(
            $"plan {schedule.Plan}, shard {schedule.Shard}/{schedule.Shards}: {schedule.Items.Count} of "
            + $"{Figures.Count(items.Count, "item")} with "
            + $"{schedule.Items.Count(item => item.Round > 1)} in further rounds, "
            + $"about {Figures.Seconds(schedule.Items.Sum(item => item.EstimatedSeconds))}{budget}, "
            + $"seed {schedule.Seed}; nothing was run");

        foreach (string warning in warnings)
        {
            output.Line($"warning: {warning}");
        }
    }

    private static string ExpectedOf(ScheduledItem item, IReadOnlyDictionary<string, PlanItem> items)
        => items.TryGetValue(item.Round == 1 ? item.Key : item.Key[..item.Key.LastIndexOf('#')], out PlanItem? planned)
            ? planned.Entry.Kind.IsExpectedClean(planned.Entry, planned.Variant) ? "clean" : "violation"
            : "";
}
