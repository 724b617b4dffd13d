using System.Collections.Generic;
using System.Linq;
using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>What real threads did, and which locks they waited for.</summary>
internal static class HammerSection
{
    private const int MostLocks = 40;

    public static bool IsIn(ReportData data) => Hammered(data).Any();

    public static void AddTo(Page page, ReportData data)
    {
        RunItem[] items = [.. Hammered(data)];
        if (items.Length == 0)
        {
            return;
        }

        page.Section("hammer", "Lock contention").Table(
            "Real threads: what they did",
            ["scenario", "variant", ">threads", ">operations", ">a second", ">checkpoints", "verdict"],
            items.Select(item => new[]
            {
                item.Scenario, item.Variant, Figures.Count(item.Hammered!.Threads),
                Figures.Count(item.Hammered.Operations), Figures.Count(item.Hammered.OperationsPerSecond),
                Figures.Count(item.Hammered.Checkpoints), item.Verdict,
            }));
        (RunItem Item, LockFigures Lock)[] locks =
        [
            .. items.SelectMany(item => item.Hammered!.Locks.Select(taken => (item, taken)))
                .Where(pair => pair.taken.Contended > 0).OrderByDescending(pair => pair.taken.WaitTotal),
        ];
        page.Table(
            "Locks that were waited for, the longest waits first",
            ["lock", "scenario", "variant", ">taken", ">contended", ">mean wait", ">longest wait", ">waited in all"],
            locks.Take(MostLocks).Select(pair => new[]
            {
                pair.Lock.Name, pair.Item.Scenario, pair.Item.Variant, Figures.Count(pair.Lock.Acquisitions),
                Figures.Share(pair.Lock.Contended, pair.Lock.Acquisitions), Figures.Nanoseconds(pair.Lock.WaitMean),
                Figures.Nanoseconds(pair.Lock.WaitMax), Figures.Nanoseconds(pair.Lock.WaitTotal),
            }));
        if (locks.Length > MostLocks)
        {
            page.Element("p", $"And {locks.Length - MostLocks} more, in {RunFolder.SummaryName}.", "note");
        }

        page.End();
    }

    private static IEnumerable<RunItem> Hammered(ReportData data) => data.Items.Where(item => item.Hammered is not null);
}
