using System.Globalization;
using System.Linq;
using Stress.Reporting;
using Stress.Results;
using Stress.Simulation;

namespace Stress.Bench;

/// <summary>Writes what was measured and what the simulator says, side by side.</summary>
internal static class PredictionReport
{
    public static void Write(Output output, BenchmarkFile timed, MachineModel machine)
    {
        var table = new TextTable(
            $"{SimulatedFaults.Benchmark}, layout", ">threads", ">measured ns", ">predicted ns", ">measured ratio",
            ">95% interval", ">predicted ratio", "within");
        foreach (PredictedTime time in timed.Predicted)
        {
            table.Add(
                time.Layout,
                Number(time.Threads, "N0"),
                Number(time.MeasuredNs, "N1"),
                Number(time.PredictedNs, "N1"),
                time.MeasuredRatio is null ? "1" : Number(time.MeasuredRatio.Ratio, "N3"),
                time.MeasuredRatio is null ? "" : BenchReport.Interval(time.MeasuredRatio),
                Number(time.PredictedRatio, "N3"),
                time.IsWithin is null ? "" : time.IsWithin.Value ? "yes" : time.IsWithinNoise ? "noise" : "NO");
        }

        output.Write(table);
        int all = timed.Predicted.Count(static time => time.IsWithin is not null);
        int within = timed.Predicted.Count(static time => time.IsWithin == true);
        int noise = timed.Predicted.Count(static time => time.IsWithin == false && time.IsWithinNoise);
        output.Line();
        output.Line(
            $"predicted on {machine.Name}: {within} of {all} ratios are within the measured intervals"
            + (noise == 0 ? "" : $", {noise} more no farther away than a layout differs from itself")
            + (within + noise == all ? "" : "; of the others the simulator is wrong, or they are"));
    }

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
