using System.Collections.Generic;
using System.IO;
using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Stress.Benchmarks.Measuring;
using Stress.Results;

namespace Stress.Benchmarks;

internal static class Program
{
    private const string SettingsOption = "--stress-settings";
    private const int NothingMeasured = 2;

    /// <summary>Runs the benchmarks. With settings first, as <c>stress bench</c> starts it, in passes; without, each
    /// once.</summary>
    /// <returns>2 when no benchmark was measured.</returns>
    private static int Main(string[] args)
    {
        bool isMeasured = args.Length >= 2 && args[0] == SettingsOption;
        IConfig config = isMeasured ? Measured(args[1]) : new BenchmarkConfig();
        IEnumerable<Summary> summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
            .Run(isMeasured ? args[2..] : args, config);
        return isMeasured && !summaries.Any(static summary => summary.Reports.Any(static report => report.Success))
            ? NothingMeasured
            : 0;
    }

    private static MeasuredConfig Measured(string file)
    {
        BenchmarkSettings settings = ResultsJson.ReadSettings(File.ReadAllText(file));
        BenchmarkSelection.Threads = settings.Threads;
        BenchmarkSelection.Layouts = settings.Layouts ?? BenchmarkSelection.Layouts;
        BenchmarkSelection.Assemblies = settings.Assemblies;
        return new MeasuredConfig(settings);
    }
}
