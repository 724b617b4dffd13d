using Stress.Results;

namespace Stress.Reporting.Pages;

/// <summary>A simulation as one page that needs no network.</summary>
internal static class SimulationPage
{
    public static string Of(string scenario, SimulationFigures figures)
    {
        var page = new Page();
        string title = $"{scenario} on {figures.Machine}";
        page.Element("h1", title);
        SimulationSection.AddTo(page, figures, scenario);
        return page.Finish(title, Assets.Text("page.css"), Chart.Style);
    }
}
