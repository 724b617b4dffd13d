using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>A run as one self-contained HTML file: the verdict first, then what is new, then what was covered.</summary>
internal static class ReportPage
{
    /// <summary>Name of the file in a run's folder.</summary>
    public const string Name = "report.html";

    /// <summary>The page; the same for the same run.</summary>
    public static string Of(ReportData data)
    {
        var page = new Page();
        page.Raw("<header>\n");
        VerdictSection.AddTo(page, data);
        page.Raw("</header>\n<main>\n");
        FindingsSection.AddTo(page, data);
        KillSection.AddTo(page, data);
        HammerSection.AddTo(page, data);
        LayoutSection.AddTo(page, data);
        TrendSection.AddTo(page, data);
        CoverageSection.AddTo(page, data);
        OriginSection.AddTo(page, data);
        page.Raw("</main>\n");
        page.Run(Assets.Text("report.js"));
        return page.Finish(Title(data.Summary), Assets.Text("page.css"), Chart.Style);
    }

    /// <summary>Writes it into the run's folder.</summary>
    /// <exception cref="System.IO.IOException">It cannot be written.</exception>
    public static void Write(string location)
    {
        var data = ReportData.Read(location);
        AtomicFile.WriteAllText(System.IO.Path.Combine(data.Run.Location, Name), Of(data));
    }

    private static string Title(RunSummary summary)
        => $"Stress {VerdictSection.CommandOf(summary)} {summary.Run}: {VerdictSection.Word(summary)}";
}
