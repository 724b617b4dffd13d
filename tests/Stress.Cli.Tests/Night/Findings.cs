using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Results;

namespace Stress.Cli.Tests;

/// <summary>What two runs of the same plan must have in common.</summary>
internal static class Findings
{
    /// <summary>For each item its verdict, and for each finding the trace and the story.</summary>
    public static IReadOnlyList<string> Of(StoredRun run)
        =>
        [
            .. run.Summary.Items.Select(item => string.Join(
                '|',
                item.Key,
                item.Verdict,
                item.IsAsExpected,
                item.Finding?.Hash,
                item.Finding?.Signature?.Id,
                item.Finding?.Trace,
                item.Finding is null ? "" : run.Finding(item.Finding)!.Flow.Count,
                item.Finding?.Trace is { } trace ? File.ReadAllText(Path.Combine(run.Location, trace)) : "",
                item.Finding?.Story is { } story ? File.ReadAllText(Path.Combine(run.Location, story)) : "")),
        ];
}
