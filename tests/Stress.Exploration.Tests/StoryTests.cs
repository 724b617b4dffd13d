using System;
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
    public void Story_LostUpdate_ShowsBothReadsBeforeTheWrites()
    {
        string story = Explore.Run<Specimen<LosesUpdates>>(seed: 1, strategy: "random").Finding!.Story;

        int first = story.IndexOf("Count is 0", StringComparison.Ordinal);
        int second = story.IndexOf("Count is 0", first + 1, StringComparison.Ordinal);
        int write = story.IndexOf("Count = 1 (was 0)", StringComparison.Ordinal);
        Assert.True(first >= 0 && second > first && write > second, story);
        Assert.Contains("-- all have ended: check --", story, StringComparison.Ordinal);
        Assert.Contains("*** invariant: every update is counted", story, StringComparison.Ordinal);
    }

    [Fact]
    public void Story_AnyFinding_FitsIn120Columns()
    {
        string[] stories =
        [
            Explore.Run<Specimen<LocksInOppositeOrder>>().Finding!.Story,
            Explore.Run<Specimen<UsesAfterFree>>().Finding!.Story,
            Explore.Run<Specimen<ParksTooLate>>().Finding!.Story,
            Explore.Run<Specimen<SpinsForEver>>().Finding!.Story,
        ];

        Assert.All(stories.SelectMany(story => story.Split('\n')), line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public void Story_EndlessLoop_FoldsNothingAwayButOldRows()
    {
        string story = Explore.Run<Specimen<SpinsForEver>>().Finding!.Story;

        Assert.Contains("earlier rows are left out", story, StringComparison.Ordinal);
        Assert.InRange(story.Count(letter => letter == '\n'), 300, 500);
    }
}
