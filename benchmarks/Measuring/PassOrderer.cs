using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Running;

namespace Stress.Benchmarks.Measuring;

/// <summary>All benchmarks of a pass, then all of the next in the opposite order: what changes on the host with time
/// then meets all of them alike.</summary>
internal sealed class PassOrderer : DefaultOrderer
{
    public override IEnumerable<BenchmarkCase> GetExecutionOrder(
        ImmutableArray<BenchmarkCase> benchmarksCase, IEnumerable<BenchmarkLogicalGroupRule>? order = null)
        => base.GetExecutionOrder(benchmarksCase, order)
            .GroupBy(static benchmark => PassJob.PassOf(benchmark.Job.Id) ?? 0)
            .OrderBy(static pass => pass.Key)
            .SelectMany(static pass => pass.Key % 2 == 1 ? pass : pass.Reverse());
}
