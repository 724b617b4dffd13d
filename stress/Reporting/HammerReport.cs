using System.IO;
using System.Linq;
using Spectre.Console;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>What <c>hammer</c> prints at its end.</summary>
internal static class HammerReport
{
    /// <param name="output">Where to.</param>
    /// <param name="item">The run.</param>
    /// <param name="told">What exploring found in place of its finding; null for nothing.</param>
    /// <param name="folder">The run's folder.</param>
    public static void Write(Output output, RunItem item, Finding? told, string folder)
    {
        HammerFigures figures = item.Hammered!;
        output.Line(
            $"{Figures.Count(figures.OperationsPerSecond)} operations/s by "
            + $"{Figures.Count(figures.Threads, "thread")} in "
            + $"{Figures.Seconds(item.ElapsedSeconds)}; {Figures.Count(figures.Checkpoints, "checkpoint")} held");
        output.Write(Roles(figures));
        if (figures.Locks.Count > 0)
        {
            output.Write(Locks(figures));
        }

        output.Line();
        foreach (string note in figures.Notes)
        {
            output.Line($"note       {note}");
        }

        WriteVerdict(output, item, figures);
        WriteStory(output, item, told, folder);
        output.Line($"results    {folder}");
        output.Line($"Reproduce: {item.Reproduce}");
    }

    /// <summary>A finding as a file of its own tells it.</summary>
    public static string Story(HammerFinding finding, HammerResult result)
    {
        string where = finding.Operation is { Length: > 0 } operation ? $"\nin {operation}" : "";
        string head = $"{finding.Kind.Name()}: {finding.Text}\ntask {finding.TaskName}{where}";
        string chains = finding.Inversion is { } inversion ? $"\n\n{string.Join('\n', inversion.Lines)}" : "";
        string hang = result.HangReport is { } report ? $"\n\n{report}" : "";
        string tails = result.Tails.IsEmpty ? "" : $"\n\nlast operations\n{TailReport.Tell(result.Tails)}";
        return $"{head}{chains}{hang}{tails}".TrimEnd();
    }

    private static void WriteVerdict(Output output, RunItem item, HammerFigures figures)
    {
        if (item.Finding is not { } finding)
        {
            int colon = item.Outcome.IndexOf(':');
            output.Line(item.Outcome[..colon], Color.Green, item.Outcome[colon..]);
            return;
        }

        output.Line("finding", Color.Red, $"    {finding.Kind}: {finding.Text}");
        if (finding.Task.Length > 0)
        {
            output.Line($"task       {finding.Task}");
        }

        ChainLines.Write(output, finding.Chains);
        if (item.Story is null)
        {
            output.Line("           real threads may need several tries; exploring gives a trace that replays:");
            output.Line("           " + Reproduction.Run($"explore {item.Scenario} --variant {item.Variant}"));
        }

        TailReport.Write(output, figures.Tails ?? []);
        if (figures.HangReport is { } report)
        {
            output.Line();
            output.Line(report.TrimEnd());
            output.Line();
        }
    }

    private static void WriteStory(Output output, RunItem item, Finding? told, string folder)
    {
        if (item.Story is not { } story)
        {
            return;
        }

        output.Line($"explored   {story.Outcome}");
        if (told is null || story.Finding is not { } summary)
        {
            return;
        }

        if (!story.IsSame)
        {
            output.Line($"           {summary.Kind}: {summary.Text}");
        }

        if (story.Memory == "weak")
        {
            output.Line("           under weak memory");
        }

        ShrinkReport.WriteLines(output, told);
        output.Line($"replayed   reproduced {summary.Reproduced}/{summary.ReproducedOf}");
        output.Line();
        output.Line(told.Story.TrimEnd());
        output.Line();
        output.Line($"trace      {Path.Combine(folder, summary.Trace!)}");
        if (summary.StoryPage is { } page)
        {
            output.Line($"story      {Path.Combine(folder, page)}");
        }
    }

    private static TextTable Roles(HammerFigures figures)
    {
        var table = new TextTable(
            "role", ">threads", ">operations", ">ops/s", ">p50", ">p90", ">p99", ">p99.9", ">max");
        foreach (RoleFigures role in figures.Roles)
        {
            long[] latencies = [role.P50, role.P90, role.P99, role.P999, role.Max];
            table.Add([
                role.IsWorker ? $"{role.Name} (worker)" : role.Name,
                Figures.Count(role.Threads),
                Figures.Count(role.Operations),
                Figures.Count(role.OperationsPerSecond),
                .. latencies.Select(ns => role.IsWorker ? "-" : Figures.Nanoseconds(ns)),
            ]);
        }

        return table;
    }

    private static TextTable Locks(HammerFigures figures)
    {
        var table = new TextTable(
            "lock class", ">taken", ">contended", ">", ">wait total", ">wait mean", ">wait max");
        foreach (LockFigures row in figures.Locks)
        {
            table.Add(
                row.Name,
                Figures.Count(row.Acquisitions),
                Figures.Count(row.Contended),
                Figures.Share(row.Contended, row.Acquisitions),
                Figures.Nanoseconds(row.WaitTotal),
                Figures.Nanoseconds(row.WaitMean),
                Figures.Nanoseconds(row.WaitMax));
        }

        return table;
    }
}
