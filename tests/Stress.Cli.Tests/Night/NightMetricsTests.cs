using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading.Tasks;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>How far a night is, over the network.</summary>
public sealed class NightMetricsTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const int MostTries = 600;

    private const string Plan =
        """
        {
          "selfTest": "locks/lock-owner",
          "entries": [ { "machine": "hammer", "scenarios": "locks/exclusion", "variants": "mutex", "duration": "10s" } ]
        }
        """;

    [Fact]
    public async Task Metrics_WhileANightRuns_TellWhatRuns()
    {
        int port = FreePort();
        using Process night = StressProcess.Start(
            folder.Location,
            "nightly", "--plan", folder.Write("plan.json", Plan), "--out", folder.Location, "--metrics", $"{port}");
        Task<string> output = night.StandardOutput.ReadToEndAsync();

        string metrics = await Scrape(port, "item=\"hammer/locks/exclusion@mutex\"}");

        night.Kill();
        await night.WaitForExitAsync();
        await output;
        Assert.Contains("stress_night_items{", metrics, StringComparison.Ordinal);
        Assert.Matches("stress_night_items_done_total\\{[^}]*\\} 2\n", metrics);
        Assert.Matches("stress_night_findings_total\\{[^}]*expected=\"yes\"\\} 2\n", metrics);
        Assert.Matches("stress_night_findings_total\\{[^}]*expected=\"no\"\\} 0\n", metrics);
        Assert.Contains("service_name=\"stress\"", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_PortThatIsTaken_IsRefusedBeforeAnythingIsMade()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string nights = Path.Combine(folder.Location, "none");

        Ended ended = StressProcess.Run(
            "nightly", "--plan", folder.Write("taken.json", Plan), "--out", nights,
            "--metrics", $"{((IPEndPoint)taken.LocalEndpoint).Port}");

        Refusal.AssertRefused(ended, "--metrics: port ", "give another one");
        Assert.False(Directory.Exists(nights));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("http")]
    public void Metrics_NoPort_IsRefused(string port)
        => Refusal.AssertRefused(StressProcess.Run("nightly", "--metrics", port), "--metrics", port);

    private static async Task<string> Scrape(int port, string until)
    {
        using var client = new HttpClient();
        string last = "";
        for (int i = 0; i < MostTries; i++)
        {
            try
            {
                last = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));
            }
            catch (HttpRequestException)
            {
                // It does not serve yet.
            }

            if (last.Contains(until, StringComparison.Ordinal))
            {
                return last;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"{until} was never served; the last was: {last}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
