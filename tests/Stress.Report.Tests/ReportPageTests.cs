using System;
using System.IO;
using System.Text.RegularExpressions;
using Stress.Results;
using Xunit;

namespace Stress.Report.Tests;

/// <summary>The report as text.</summary>
public sealed partial class ReportPageTests : IDisposable
{
    private readonly StoredNight _night = new();

    public void Dispose() => _night.Dispose();

    [Fact]
    public void Of_HostileNames_AreShownAndNotRun()
    {
        _night.WriteRed();

        string page = _night.Page();

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NewBug_TellsItFirstWithItsStoryAndCommand()
    {
        _night.WriteRed();

        string page = _night.Page();

        Assert.Contains("<p class=\"word\">Red</p>", page, StringComparison.Ordinal);
        Assert.Contains(">NEW</span>", page, StringComparison.Ordinal);
        Assert.Contains("writer came too late.", page, StringComparison.Ordinal);
        Assert.Contains("What decides it: writer before reader", page, StringComparison.Ordinal);
        Assert.Contains("href=\"./traces/a%20b.json\"", page, StringComparison.Ordinal);
        Assert.True(
            page.IndexOf("id=\"findings\"", StringComparison.Ordinal)
                < page.IndexOf("id=\"coverage\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_NothingWrong_IsGreenAndLeavesOutWhatIsNotThere()
    {
        _night.WriteGreen();

        string page = _night.Page();

        Assert.Contains("<p class=\"word\">Green</p>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"hammer\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"layouts\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("uPlot=", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Charts_BringTheirLibraryAndItsLicenceOnce()
    {
        _night.WriteRed();

        string page = _night.Page();

        Assert.Single(Library().Matches(page));
        Assert.Contains("The MIT License", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_MissedSelfTest_IsRedWhateverElsePassed()
    {
        RunSummary summary = StoredNight.Summary("self-test");
        _night.Write(summary with { Night = summary.Night! with { SelfTestsMissed = ["self-test/a"] } });

        string page = _night.Page();

        Assert.Contains("<p class=\"word\">Red</p>", page, StringComparison.Ordinal);
        Assert.Contains("The self-test did not find self-test/a", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunStates.Interrupted, "Interrupted")]
    [InlineData(RunStates.Running, "Not finished")]
    public void Of_NightThatDidNotEnd_SaysSo(string state, string word)
    {
        _night.Write(StoredNight.Summary("cut off") with { State = state, Night = null });

        string page = _night.Page();

        Assert.Contains($"<p class=\"word\">{word}</p>", page, StringComparison.Ordinal);
        Assert.Contains("Not run: 5 items of 5 planned.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LaterNightsInTheHistory_StaysTheSame()
    {
        _night.WriteRed();
        string before = _night.Page();

        _night.Remember(new DateTimeOffset(2026, 11, 3, 1, 0, 0, TimeSpan.Zero), "20261103-010000-abcdef");

        Assert.Equal(before, _night.Page());
    }

    [Fact]
    public void Of_Anything_LoadsNothing()
    {
        _night.WriteRed();

        Assert.DoesNotMatch(Loading(), _night.Page());
    }

    [Fact]
    public void Of_StoryOutsideOfTheRun_IsNotShown()
    {
        string secret = Path.Combine(Path.GetDirectoryName(_night.Location)!, "secret.txt");
        File.WriteAllText(secret, "not for the report");
        RunItem item = StoredNight.Found();
        foreach (string story in new[] { "../secret.txt", secret })
        {
            _night.Write(StoredNight.Summary("elsewhere") with
            {
                Items = [item with { Finding = item.Finding! with { Story = story } }],
            });

            Assert.DoesNotContain("not for the report", _night.Page(), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("var uPlot=")]
    private static partial Regex Library();

    // What a browser would fetch without being asked; links to files of the run are followed by people only.
    [GeneratedRegex("""<(?:img|iframe|link|script|object|embed)[^>]*\b(?:src|href|data)=|@import|url\(|href="(?![#.])""")]
    private static partial Regex Loading();
}
