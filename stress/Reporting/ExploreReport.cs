using System.Globalization;
using System.IO;
using Spectre.Console;
using Stress.Exploration;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>What `explore` prints at its end.</summary>
internal static class ExploreReport
{
    public static void Write(Output output, RunItem item, Finding? finding, string folder, bool isVerbose)
    {
        OutcomeReport.Write(output, item);
        if (item.Finding is not { } summary || finding is null)
        {
            output.Line(item.Outcome.Split(':')[0], Color.Green, item.Outcome[item.Outcome.IndexOf(':')..]
                + string.Create(CultureInfo.InvariantCulture, $" ({Figures.Seconds(item.ElapsedSeconds)})"));
            output.Line($"results    {folder}");
            output.Line($"Reproduce: {item.Reproduce}");
            return;
        }

        output.Line("finding", Color.Red, $"    {summary.Kind}: {summary.Text}");
        output.Line($"task       {summary.Task}");
        output.Line(
            $"schedule   {Figures.Count(summary.Schedule ?? 0)} of seed {item.Seed}, strategy {summary.Strategy}, "
            + $"{Figures.Count(item.Explored!.Schedules)} explored in {Figures.Seconds(item.ElapsedSeconds)}");
        ShrinkReport.WriteLines(output, finding);
        output.Line($"replayed   reproduced {summary.Reproduced}/{summary.ReproducedOf}");
        ChainLines.Write(output, summary.Chains);
        output.Line();
        output.Line((isVerbose ? finding.Telling?.ToText(isVerbose) : null)?.TrimEnd() ?? finding.Story.TrimEnd());
        output.Line();
        output.Line($"trace      {Path.Combine(folder, summary.Trace!)}");
        if (summary.StoryPage is { } page)
        {
            output.Line($"story      {Path.Combine(folder, page)}");
        }

        output.Line($"Reproduce: {item.Reproduce}");
    }
}
