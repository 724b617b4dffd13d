using System;
using System.Linq;
using BenchmarkDotNet.Attributes;
using Stress.Exploration;
using Stress.Machine;
using Stress.Mm.Hugetlb;
using Stress.Scenarios.Hugetlb;

namespace Stress.Benchmarks.Exploration;

/// <summary>How fast one core explores: whole schedules of hugetlb/region-add as merged, with all detectors on; each of
/// them run, or only those that were not run before.</summary>
[OperationsPerSecond]
public class ScheduleRate
{
    private const int Schedules = 20_000;

    private Scenario _scenario = null!;
    private Variant _variant = null!;
    private ulong _seed;

    [Params("random", "pct", "portfolio")]
    public string Strategy { get; set; } = "portfolio";

    [Params(false, true)]
    public bool Reruns { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _scenario = HugetlbScenarios.All.Single(static scenario => scenario.Name == "hugetlb/region-add");
        _variant = _scenario.Variants.Single(static variant => variant.Name == "upstream");
    }

    [Benchmark(OperationsPerInvoke = Schedules)]
    public long Explore()
    {
        // Another seed each time: the same schedules again would be the branch predictor's benchmark. A new exploration
        // knows no runs yet, so what is gained by keeping them grows with the number of schedules.
        var options = new ExploreOptions { Seed = ++_seed, Schedules = Schedules, Strategy = Strategy, Reruns = Reruns };
        ExploreResult result = Explorer.Explore<RegionAdd<Upstream>>(_scenario, _variant, options);
        if (result.Finding is not null || result.Schedules != Schedules)
        {
            throw new InvalidOperationException($"The scenario is not clean: {result.Finding?.Text}");
        }

        return result.Points;
    }
}
