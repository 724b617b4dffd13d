using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Stress.Cli.Tests.Documents;

/// <summary>Makes of a documented command one that takes seconds and does the same.</summary>
/// <remarks>
/// Budgets are added where the document gives none; those of a simulation take the place of the document's. Of benchmarks
/// the names are listed, so that there is none to compare with. The name of a run stands for the oldest one that there is.
/// A night runs as it is with <c>--dry-run</c>, so that its plan and its options are looked at, and then with a plan of two
/// items; of a night in shards, all shards are run, so that the document can merge them. Files of the clone are named in
/// full, and <c>/shared</c> is in the test's folder.
/// </remarks>
internal sealed partial class CutDown(TemporaryFolder folder)
{
    private const string Shared = "/shared/";

    private static readonly Dictionary<string, (string Option, string Value)[]> s_budgets = new()
    {
        ["corpus"] = [("--seeds", "1"), ("--twin-schedules", "100")],
        ["hammer"] = [("--duration", "1s"), ("--story-schedules", "1000")],
        ["simulate"] = [("--operations", "20"), ("--iterations", "1")],
    };

    private readonly string _plan = folder.Write("moment.json", """
        {
          "summary": "A moment.",
          "entries": [
            { "machine": "explore", "scenarios": "hugetlb/region-add", "variants": "v7", "replays": 2 },
            { "machine": "explore", "scenarios": "litmus/dekker", "variants": "mb", "strategy": "exhaustive" }
          ]
        }
        """);

    /// <summary>What is run for a command, in this order.</summary>
    public IReadOnlyList<string[]> Of(DocumentedCommand command)
    {
        string[] arguments = [.. command.Arguments.Select(Place)];
        if (command.Name == "bench")
        {
            return [[.. Without(arguments, "--baseline"), "--list"]];
        }

        if (command.Name == "simulate")
        {
            return [[.. With(With(arguments, "--operations", "20"), "--iterations", "1"), .. Budget(command)]];
        }

        if (command.Name != "nightly" || command.Arguments.Contains("--resume"))
        {
            return [[.. arguments, .. Budget(command)]];
        }

        string[] night = With(With(arguments, "--plan", _plan), "--budget", "1m");
        return command.Value("--shard")?.Split('/') is [_, string count]
            ?
            [
                [.. arguments, "--dry-run"],
                .. Enumerable.Range(1, int.Parse(count, CultureInfo.InvariantCulture)).Select(shard => With(night, "--shard", $"{shard}/{count}")),
            ]
            : [[.. arguments, "--dry-run"], night];
    }

    private static IEnumerable<string> Budget(DocumentedCommand command)
        => s_budgets.GetValueOrDefault(command.Name, [])
            .Where(budget => command.Value(budget.Option) is null)
            .SelectMany(budget => (IEnumerable<string>)[budget.Option, budget.Value]);

    // Only where it is given.
    private static string[] With(string[] arguments, string option, string value) =>
    [
        .. arguments.Select((argument, at) => at > 0 && arguments[at - 1] == option ? value : argument),
    ];

    // With its value.
    private static IEnumerable<string> Without(string[] arguments, string option)
        => arguments.Where((argument, at) => argument != option && (at == 0 || arguments[at - 1] != option));

    private string OldestRun()
        => Directory.EnumerateDirectories(Path.Combine(folder.Location, "results"))
            .Select(path => Path.GetFileName(path)).Where(name => RunName().IsMatch(name)).Order(StringComparer.Ordinal).First();

    private string Place(string argument)
        => RunName().IsMatch(argument) ? OldestRun()
            : argument.StartsWith(Shared, StringComparison.Ordinal)
            ? $"{folder.Location}/shared/{argument[Shared.Length..]}"
            : argument.StartsWith("samples/", StringComparison.Ordinal)
                ? Repository.PathOf(argument.Replace(
                    "/Release/", $"/{Repository.Configuration}/", StringComparison.Ordinal))
                : argument;

    [GeneratedRegex("^[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$", RegexOptions.ExplicitCapture)]
    private static partial Regex RunName();
}
