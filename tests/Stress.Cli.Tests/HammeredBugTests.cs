using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Scenarios;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>Real threads with delays before accesses find bugs, and find them to be what exploring finds.</summary>
public sealed class HammeredBugTests
{
    private const int Wanted = 5;

    // Those that fall fastest, of each subsystem that has one.
    private static readonly (string Scenario, string Variant)[] s_bugs =
    [
        ("hugetlb/chg-publish", "v12"),
        ("hugetlb/region-add", "v7"),
        ("hugetlb/rsvd-uncharge", "unlocked"),
        ("hugetlb/sysctl-table", "static-table"),
        ("hugetlb/alloc-vs-reserve", "reserve-keeps"),
        ("locks/percpu-counter", "two-steps"),
        ("vma/missing-recheck", "no-recheck"),
    ];

    // Which interleavings happen is the host's affair, so not every bug has to fall in every run.
    [Fact]
    public void Hammer_SevenBugsWithDelays_FindsAtLeastFive()
    {
        int found = 0;
        List<string> outcomes = [];
        foreach ((string scenario, string version) in s_bugs)
        {
            Variant variant = Find(scenario, version);
            HammerFinding? finding = variant.Accept(new Hammering()).Finding;
            found += finding is not null && variant.Expected.IsMetBy(finding.Kind, finding.Text) ? 1 : 0;
            outcomes.Add($"{scenario}@{version}: {finding?.ToString() ?? "nothing"}, expected {variant.Expected}");
        }

        Assert.True(found >= Wanted, string.Join('\n', outcomes));
    }

    [Fact]
    public void Hammer_CorrectTwinsWithDelays_FindsNothing()
    {
        foreach ((string scenario, string version) in s_bugs)
        {
            Variant wrong = Find(scenario, version);
            Assert.False(wrong.Expected.IsClean);
            Assert.NotNull(wrong.CorrectTwin);
            HammerResult result = Find(scenario, wrong.CorrectTwin)
                .Accept(new Hammering { Duration = TimeSpan.FromMilliseconds(400) });
            Assert.True(result.Finding is null, $"{scenario}@{wrong.CorrectTwin}: {result.Finding}");
            Assert.True(result.Operations > 0);
        }
    }

    private static Variant Find(string scenario, string version)
        => Catalog.All.Single(candidate => candidate.Name == scenario)
            .Variants.Single(candidate => candidate.Name == version);

    private sealed class Hammering : IScenarioVisitor<HammerResult>
    {
        public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(4);

        public HammerResult Visit<TScenario>()
            where TScenario : struct, IScenario<TScenario>
            => Hammer.Run<TScenario>(new HammerOptions
            {
                Threads = 4,
                Duration = Duration,
                CheckpointEvery = TimeSpan.FromMilliseconds(200),
                Perturb = 0.02,
            });
    }
}
