using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace Stress.Report.Tests;

/// <summary>The report as a reader has it: in a browser.</summary>
public sealed class BrowserTests(OpenedReport report) : IClassFixture<OpenedReport>
{
    private const double LeastContrast = 4.5;

    [BrowserFact]
    public void Open_FromDisk_NeitherFailsNorFetches() => Assert.Empty(report.Complaints);

    [BrowserFact]
    public async Task Charts_AreDrawnAndToldInWords()
    {
        string[] labels = await report.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.chart')].map(c => c.getAttribute('role') + ' ' + c.ariaLabel)");
        int[] ink = await report.Page.EvaluateAsync<int[]>(
            """
            () => [...document.querySelectorAll('.chart canvas')].map(c =>
              c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v > 0).length)
            """);

        Assert.True(labels.Length >= 2);
        Assert.All(labels, label => Assert.Matches("^img .{20,}", label));
        Assert.Equal(labels.Length, ink.Length);
        Assert.All(ink, drawn => Assert.True(drawn > 1000, $"{drawn} points are drawn"));
    }

    [BrowserFact]
    public async Task Headings_StepDownOneByOne()
    {
        int[] levels = await report.Page.EvaluateAsync<int[]>(
            "() => [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])");

        Assert.Equal(1, levels[0]);
        Assert.Single(levels, level => level == 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
    }

    [BrowserFact]
    public async Task Phone_DoesNotScrollSideways()
    {
        await report.Page.SetViewportSizeAsync(360, 740);

        int wider = await report.Page.EvaluateAsync<int>(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

        await report.Page.SetViewportSizeAsync(1280, 800);
        Assert.Equal(0, wider);
    }

    [BrowserFact]
    public async Task Keyboard_ReachesLinksDetailsAndTables()
    {
        await report.Page.EvaluateAsync("() => document.activeElement.blur()");
        string reached = "";
        for (int i = 0; i < 80; i++)
        {
            await report.Page.Keyboard.PressAsync("Tab");
            reached += await report.Page.EvaluateAsync<string>(
                "() => document.activeElement.tagName + '.' + document.activeElement.className + ' '");
        }

        Assert.Contains("A.", reached, StringComparison.Ordinal);
        Assert.Contains("SUMMARY.", reached, StringComparison.Ordinal);
        Assert.Contains("DIV.scroll", reached, StringComparison.Ordinal);
        Assert.Contains("PRE.", reached, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Details_OpenByKeyboard()
    {
        ILocator details = report.Page.Locator("#kills details").First;
        await details.Locator("summary").FocusAsync();
        await report.Page.Keyboard.PressAsync("Enter");

        Assert.True(await details.EvaluateAsync<bool>("d => d.open"));
        Assert.Contains("VM_BUG_ON", await details.InnerTextAsync(), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Text_HasContrastInLightAndDark()
    {
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            JsonElement worst = (await report.Page.EvaluateAsync(Contrast))!.Value;

            Assert.True(
                worst.GetProperty("ratio").GetDouble() >= LeastContrast,
                $"{scheme}: {worst.GetProperty("ratio").GetDouble().ToString("F2", CultureInfo.InvariantCulture)} "
                + $"for '{worst.GetProperty("text").GetString()}'");
        }

        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
    }

    [BrowserFact]
    public async Task Print_IsADocumentWithTheCharts()
    {
        byte[] paper = await report.Page.PdfAsync(new PagePdfOptions { Format = "A4" });

        Assert.Equal("%PDF"u8, paper.AsSpan(0, 4));
        Assert.True(paper.Length > 20_000, $"{paper.Length} bytes are no report");
    }

    // WCAG 2.2, 1.4.3: the relative luminance of each text against what is behind it; the worst of all.
    private const string Contrast =
        """
        () => {
          const channels = c => c.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = e => {
            for (; e; e = e.parentElement) {
              const c = channels(getComputedStyle(e).backgroundColor);
              if (c.length === 3 || c[3] > 0) { return c; }
            }
            return [255, 255, 255];
          };
          let worst = { ratio: 99, text: '' };
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const e = texts.currentNode.parentElement, text = texts.currentNode.textContent.trim();
            if (!text || /SCRIPT|STYLE/.test(e.tagName)) { continue; }
            const [a, b] = [light(channels(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < worst.ratio) { worst = { ratio, text }; }
          }
          return worst;
        }
        """;
}
