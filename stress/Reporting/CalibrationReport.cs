using System.Globalization;
using System.Linq;
using Stress.Calibration;

namespace Stress.Reporting;

/// <summary>Writes what was measured of the host for people.</summary>
internal static class CalibrationReport
{
    public static void Write(Output output, HostMachine host)
    {
        var table = new TextTable("field", ">value", ">fastest", ">median", ">spread", ">samples", "what");
        foreach (MachineLine line in host.Lines)
        {
            table.Add(
                line.Key,
                line.Value,
                line.Measured is null ? "" : Number(line.Measured.Fastest),
                line.Measured is null ? "" : Number(line.Measured.Median),
                line.Measured is null ? "" : line.Measured.Spread.ToString("P0", CultureInfo.InvariantCulture),
                line.Measured is null ? "" : Number(line.Measured.Samples, "N0"),
                What(line));
        }

        output.Write(table);
        var pairs = new TextTable("CPUs", "distance", ">one way ns", ">fastest", ">median", ">spread");
        foreach (PairTime pair in host.Pairs)
        {
            pairs.Add(
                string.Create(CultureInfo.InvariantCulture, $"{pair.Cpu}-{pair.Other}"),
                pair.Distance.ToString(),
                Number(pair.Time.Nanoseconds),
                Number(pair.Time.Fastest),
                Number(pair.Time.Median),
                pair.Time.Spread.ToString("P0", CultureInfo.InvariantCulture));
        }

        output.Write(pairs);
        string[] noisy =
        [
            .. host.Lines.Where(static line => line.Measured is { Spread: > 0.25 }).Select(static line => line.Key),
        ];
        if (noisy.Length > 0)
        {
            output.Line();
            output.Line($"spread above 25%: {string.Join(", ", noisy)}; on a quieter host they would be closer");
        }

        if (host.SimulatedNs > host.FaultNs.Nanoseconds)
        {
            output.Line();
            output.Line(
                $"the simulated machine takes {Number(host.SimulatedNs)} ns for the accesses of a fault, and the host "
                + $"{Number(host.FaultNs.Nanoseconds)} for all of it: it overlaps accesses, "
                + "so times will be predicted too long");
        }
    }

    private static string What(MachineLine line)
        => TextTable.Cut(line.Source.Split(';', 2)[0], 96);

    private static string Number(double number, string format = "N1")
        => number.ToString(format, CultureInfo.InvariantCulture);
}
