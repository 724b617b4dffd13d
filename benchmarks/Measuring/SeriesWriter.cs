using System.Collections.Generic;
using System.IO;
using System.Linq;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Stress.Results;

namespace Stress.Benchmarks.Measuring;

/// <summary>Writes the file of a run's series after each of them: who is stopped has what was measured until then.
/// </summary>
internal sealed class SeriesWriter(BenchmarkSettings settings) : EventProcessor
{
    private readonly List<BenchmarkSeries> _series = [];

    public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report)
    {
        // The pass that warms up comes to nothing; who asks for jobs of their own gets one pass.
        double[] times =
        [
            .. report.AllMeasurements
                .Where(static m => m.IterationMode == IterationMode.Workload
                    && m.IterationStage == IterationStage.Actual)
                .Select(static m => m.Nanoseconds / m.Operations),
        ];
        if (times.Length == 0 || PassJob.PassOf(benchmarkCase.Job.Id) == 0)
        {
            return;
        }

        BenchmarkSeries added = SeriesOf(benchmarkCase);
        int known = _series.FindIndex(series => series.Name == added.Name);
        if (known < 0)
        {
            _series.Add(added with { Passes = [times] });
        }
        else
        {
            _series[known] = _series[known] with { Passes = [.. _series[known].Passes, times] };
        }

        AtomicFile.WriteAllText(
            Path.Combine(settings.Folder, Path.GetFileName(BenchmarkFile.Name)),
            ResultsJson.Write(new BenchmarkFile
            {
                Schema = BenchmarkFile.CurrentSchema,
                Host = HostDescription.Current,
                Series = InOrder(),
            }));
    }

    // BenchmarkDotNet sorts layouts by name, and the first one given is the one that others are compared with.
    private BenchmarkSeries[] InOrder()
    {
        List<string> layouts = [.. BenchmarkSelection.Layouts];
        return
        [
            .. _series.GroupBy(static series => series.Group)
                .SelectMany(group => group.OrderBy(series => layouts.IndexOf(series.Layout ?? ""))),
        ];
    }

    private static BenchmarkSeries SeriesOf(BenchmarkCase benchmark)
    {
        Descriptor descriptor = benchmark.Descriptor;
        string parameters = string.Join(
            ", ", benchmark.Parameters.Items.Select(static item => $"{item.Name}: {item.Value}"));
        return new BenchmarkSeries
        {
            Name = $"{descriptor.Type.Name}.{descriptor.WorkloadMethod.Name}"
                + (parameters.Length == 0 ? "" : $"({parameters})"),
            Group = descriptor.Type.Name,
            Layout = Parameter(benchmark, nameof(Layouts.LayoutBenchmark.Layout)) as string,
            Threads = Parameter(benchmark, nameof(Layouts.LayoutBenchmark.Threads)) as int?,
            IsBaseline = descriptor.Baseline,
            Passes = [],
        };
    }

    private static object? Parameter(BenchmarkCase benchmark, string name)
        => benchmark.Parameters.Items.FirstOrDefault(item => item.Name == name)?.Value;
}
