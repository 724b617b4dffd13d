using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>What a finding is told as, word for word: a change here is a change that people see.</summary>
public sealed class StoryTests
{
    [Fact]
    public void Story_Deadlock_HasAColumnForEachTaskAndNamesWhoHoldsWhat()
    {
        string story = Explore.Run<Specimen<LocksInOppositeOrder>>(seed: 1, strategy: "random").Finding!.Story;

        string[] lines = story.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["#", "first", "second"], lines[0].Split('|').Select(cell => cell.Trim()));
        Assert.Contains(lines, line => line.Contains("act(0)", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("  locks lock_a", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("waits for lock_b, held by second", StringComparison.Ordinal)
            || line.Contains("waits for lock_a, held by first", StringComparison.Ordinal));
        Assert.Contains("*** deadlock:", story, StringComparison.Ordinal);
    }

    [Fact]
    public void Story_LostUpdate_ShowsTheReadBeforeTheWriteThatItMissed()
    {
        string story = Explore.Run<Specimen<LosesUpdates>>(seed: 1, strategy: "random").Finding!.Story;

        int first = story.IndexOf("Count is 0", StringComparison.Ordinal);
        int write = story.IndexOf("Count = 1 (was 0)", StringComparison.Ordinal);
        Assert.True(first >= 0 && write > first, story);
        Assert.Contains("-- all have ended: check --", story, StringComparison.Ordinal);
        Assert.Contains("*** invariant: every update is counted", story, StringComparison.Ordinal);
    }

    [Fact]
    public void Story_AnyFinding_FitsIn120Columns()
    {
        IEnumerable<string> lines = Findings.SelectMany(finding =>
            (finding.Story + finding.Telling!.ToText(isVerbose: true)).Split('\n'));

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public void Story_EndlessLoop_FoldsItsRounds()
    {
        string story = Explore.Run<Specimen<SpinsForEver>>().Finding!.Story;

        Assert.Contains("more rounds", story, StringComparison.Ordinal);
        Assert.Contains("*** step-bound:", story, StringComparison.Ordinal);
    }

    [Fact]
    public void Story_AnyFinding_HasAtMost40LinesAndAClosingSentence()
        => Assert.All(Findings, finding =>
        {
            string[] lines = finding.Story.TrimEnd().Split('\n');
            Assert.InRange(lines.Length, 1, 40);
            Assert.EndsWith(".", lines[^1], StringComparison.Ordinal);
            Assert.Contains(finding.Telling!.Closing.Split(' ')[0], finding.Story, StringComparison.Ordinal);
        });

    [Fact]
    public void Closing_Deadlock_SaysWhoHoldsWhatAndWhoWaits()
        => Assert.Matches(
            "^(first holds lock_a of A, second holds lock_b of B|second holds lock_b of B, first holds lock_a of A), "
            + "nobody can go on: first waits for lock_b, held by second; second waits for lock_a, held by first\\.$",
            Explore.Run<Specimen<LocksInOppositeOrder>>().Finding!.Telling!.Closing);

    [Fact]
    public void Closing_LostUpdate_SaysWhichReadCameTooEarly()
        => Assert.Matches(
            "^(first|second) read Count as 0 before (first|second) set it from 0 to 1, and then (first|second) "
            + "set it to 1: it does not hold that every update is counted\\.$",
            Explore.Run<Specimen<LosesUpdates>>(strategy: "random").Finding!.Telling!.Closing);

    [Fact]
    public void Closing_MissedWakeup_SaysThatTheWakeupCameFirst()
        => Assert.StartsWith(
            "second woke first before first was about to sleep, and nobody woke it again: ",
            Explore.Run<Specimen<ParksTooLate>>().Finding!.Telling!.Closing,
            StringComparison.Ordinal);

    [Fact]
    public void Closing_UseAfterFree_SaysWhoHadThePointer()
        => Assert.StartsWith(
            "second freed thing#0 before first read Shared as &thing#0: use-after-free: ",
            Explore.Run<Specimen<UsesAfterFree>>().Finding!.Telling!.Closing,
            StringComparison.Ordinal);

    private static IEnumerable<Finding> Findings =>
    [
        Explore.Run<Specimen<LocksInOppositeOrder>>().Finding!,
        Explore.Run<Specimen<LosesUpdates>>(strategy: "random").Finding!,
        Explore.Run<Specimen<UsesAfterFree>>().Finding!,
        Explore.Run<Specimen<ParksTooLate>>().Finding!,
        Explore.Run<Specimen<SpinsForEver>>().Finding!,
        Explore.Run<Specimen<HitsBug>>().Finding!,
        Explore.Run<Specimen<Leaks>>().Finding!,
        Explore.Run<Specimen<StaysInReadSection>>().Finding!,
    ];
}
