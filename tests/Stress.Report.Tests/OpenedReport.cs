using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace Stress.Report.Tests;

/// <summary>A report that is open in a browser, and what the browser complained of.</summary>
public sealed class OpenedReport : IAsyncLifetime, IDisposable
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public StoredNight Night { get; } = new();

    public IPage Page { get; private set; } = null!;

    /// <summary>Errors of scripts, and requests for anything but the page.</summary>
    public List<string> Complaints { get; } = [];

    public async Task InitializeAsync()
    {
        Night.WriteRed();
        File.WriteAllText(Night.ReportFile, Night.Page());
        if (BrowserFactAttribute.Browser is not { } browser)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = browser,
            Args = ["--no-sandbox"],
        });
        Page = await _browser.NewPageAsync();
        Page.Console += (_, message) => Complain(message.Type == "error", message.Text);
        Page.PageError += (_, error) => Complain(true, error);
        Page.Request += (_, request) => Complain(request.Url != Address, request.Url);
        await Page.GotoAsync(Address);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    public void Dispose() => Night.Dispose();

    private string Address => new Uri(Night.ReportFile).AbsoluteUri;

    private void Complain(bool isWrong, string text)
    {
        if (isWrong)
        {
            Complaints.Add(text);
        }
    }
}
