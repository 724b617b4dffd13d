using System.Globalization;
using System.IO;
using System.Linq;
using Stress.Results;
using Stress.Running;

namespace Stress.Reporting.Pages;

/// <summary>What it takes to do the run again: command, commit, machine, seed.</summary>
internal static class OriginSection
{
    public static void AddTo(Page page, ReportData data)
    {
        RunSummary summary = data.Summary;
        page.Section("origin", "How it was run")
            .Command(string.Join(' ', summary.CommandLine.Prepend("stress")))
            .Raw("<dl>\n");
        Add(page, "Tool", $"{summary.Tool}, commit {summary.Commit ?? "unknown"}"
            + (File.Exists(Path.Combine(data.Run.Location, WorkingTree.DiffName))
                ? $", with local changes ({WorkingTree.DiffName})" : ""));
        Add(page, "Seed", summary.Seed.ToString(CultureInfo.InvariantCulture));
        Add(page, "Machine", $"{Processor(summary.Host)}{Figures.Count(summary.Host.Processors, "processor")}, "
            + $"{summary.Host.Architecture}, {summary.Host.OperatingSystem}, {summary.Host.Runtime}");
        Add(page, "Began", summary.Started.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC");
        Add(page, "Items", $"{Figures.Count(summary.Items.Count)} of {Figures.Count(summary.Planned)} planned, "
            + $"{Figures.Seconds(summary.ElapsedSeconds)}");
        if (summary.Night is { } night)
        {
            Add(page, "Plan", $"{night.Plan}, {night.PlanHash}");
        }

        Add(page, "Run", summary.Run ?? "");
        page.Raw("</dl>\n").End();
    }

    private static string Processor(HostDescription host) => host.Processor.Length == 0 ? "" : $"{host.Processor}, ";

    private static void Add(Page page, string name, string value)
        => page.Raw($"<dt>{Page.Text(name)}</dt><dd>{Page.Text(value)}</dd>\n");
}
