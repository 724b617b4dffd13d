using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Net;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Stress.CommandLine;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>Serves how far a night is to Prometheus, on the loopback interface alone: <c>/metrics</c>.</summary>
internal sealed class NightMetrics : IDisposable
{
    private readonly Meter _meter = new("Stress.Nightly", ToolVersion.Current.Version);
    private readonly MeterProvider _provider;

    private NightMetrics(int port, NightStatus status)
    {
        _meter.CreateObservableGauge("stress.night.items", () => status.Items, "{item}", "Items of the night");
        _meter.CreateObservableCounter("stress.night.items.done", () => status.Done, "{item}", "Items that have ended");
        _meter.CreateObservableCounter(
            "stress.night.findings",
            () => new Measurement<int>[] { Findings(status.Expected, "yes"), Findings(status.Unexpected, "no") },
            "{finding}",
            "Findings, by whether they were expected");
        _meter.CreateObservableCounter(
            "stress.night.schedules", () => status.Schedules, "{schedule}", "Schedules of the items that have ended");
        _meter.CreateObservableCounter(
            "stress.night.operations", () => status.Operations, "{operation}",
            "Operations of real threads, of the items that have ended");
        _meter.CreateObservableGauge("stress.night.elapsed", () => status.ElapsedSeconds, "s", "Time since it began");
        _meter.CreateObservableGauge("stress.night.left", () => status.SecondsLeft, "s", "Estimated time until its end");
        _meter.CreateObservableGauge("stress.night.workers", () => status.Workers, "{worker}", "Workers side by side");
        _meter.CreateObservableGauge(
            "stress.night.running",
            () => new Measurement<int>(
                status.Current.Length > 0 ? 1 : 0, new KeyValuePair<string, object?>("item", status.Current)),
            "{item}",
            "The item that runs");
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("stress", serviceVersion: ToolVersion.Current.Version))
            .AddMeter(_meter.Name)
            .AddPrometheusHttpListener(options =>
            {
                options.Host = IPAddress.Loopback.ToString();
                options.Port = port;
            })
            .Build();
    }

    /// <summary>Begins to serve.</summary>
    /// <param name="port">The port; null for none.</param>
    /// <param name="status">What is served.</param>
    /// <exception cref="UsageException">The port cannot be had.</exception>
    public static NightMetrics? Start(int? port, NightStatus status)
    {
        if (port is not { } number)
        {
            return null;
        }

        try
        {
            return new NightMetrics(number, status);
        }
        catch (InvalidOperationException e) when (e.InnerException is HttpListenerException reason)
        {
            throw new UsageException(
                $"--metrics: port {number} cannot be had: {reason.Message.TrimEnd('.')}; give another one");
        }
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    private static Measurement<int> Findings(int count, string isExpected)
        => new(count, new KeyValuePair<string, object?>("expected", isExpected));
}
