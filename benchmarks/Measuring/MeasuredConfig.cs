using System.IO;
using System.Linq;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Csv;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Stress.Results;

namespace Stress.Benchmarks.Measuring;

/// <summary>What <c>stress bench</c> measures by: everything several times, in turns.</summary>
/// <remarks>
/// A pass is a job. All passes run in this process, so what the runtime compiled in the first of them, which only warms
/// up, is there in the others. There is no garbage, so no collection is asked for between iterations, and the empty
/// call is not measured: an invocation has hundreds of operations.
/// </remarks>
internal sealed class MeasuredConfig : ManualConfig
{
    private const int WarmupIterations = 4;

    public MeasuredConfig(BenchmarkSettings settings)
    {
        AddJob([.. Enumerable.Range(0, settings.Passes + 1).Select(pass => Pass(pass, settings))]);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(StatisticColumn.Min);
        AddLogger(ConsoleLogger.Default);
        AddExporter(JsonExporter.FullCompressed, MarkdownExporter.GitHub, CsvMeasurementsExporter.Default);
        AddEventProcessor(new SeriesWriter(settings));
        Orderer = new PassOrderer();
        ArtifactsPath = Path.GetFullPath(settings.Folder);
    }

    private static Job Pass(int pass, BenchmarkSettings settings)
        => new Job(PassJob.IdOf(pass))
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithLaunchCount(1)
            .WithGcForce(false)
            .WithEvaluateOverhead(false)
            .WithWarmupCount(pass == 0 ? WarmupIterations : 1)
            .WithIterationCount(pass == 0 ? 1 : settings.Iterations)
            .WithIterationTime(TimeInterval.FromMilliseconds(settings.IterationMilliseconds));
}
