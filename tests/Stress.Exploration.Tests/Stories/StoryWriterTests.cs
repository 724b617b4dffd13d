using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>Stories of runs made by hand, word for word.</summary>
public sealed class StoryWriterTests
{
    [Fact]
    public void Write_LastEntryTaken_TellsItInColumns()
    {
        Story story = new StoryWriter(
            Told.Plan("first", "other"), Told.LastEntry, new DecidingPair(12, 16)).Tell();

        Assert.Equal(
"""
      # | first                                                 | other
--------+-------------------------------------------------------+------------------------------------------------------
      1 | region_chg(0, 1)                                      |
      2 |   locks lock                                          |
      3 |   Cache is 1                                          |
      4 |   unlocks lock                                        |
      5 | return 1                                              |
      6 | region_add(0, 1) ~ preempted                          |
      7 |                                                       | quiet() = 7
     10 |                                                       | region_add(2, 6)
     11 |                                                       |   locks lock ~ preempted
     12 |   waits for lock, held by other                       |
>>   13 |                                                       |   Cache = 0 (was 1)
     14 |                                                       |   unlocks lock; first waits
     15 |                                                       | return 3 ~ ended
     16 |   locks lock                                          |
>>   17 |   Cache is 0                                          |
     18 |   *** bug: VM_BUG_ON(t - f <= 1)                      |

other set Cache from 1 to 0 before first read it as 0: VM_BUG_ON(t - f <= 1).

""".ReplaceLineEndings("\n"),
            story.ToText());
    }

    [Fact]
    public void Write_Verbose_TellsEveryAccessWithItsOrder()
    {
        string text = new StoryWriter(Told.Plan("first", "other"), Told.LastEntry).Tell().ToText(isVerbose: true);

        Assert.Contains("Own = 1 (was 0) [relaxed]", text, StringComparison.Ordinal);
        Assert.Contains("| quiet()\n", text, StringComparison.Ordinal);
        Assert.Contains("return 7", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WithoutPair_SaysWhatTheFailingTaskFound()
        => Assert.Equal(
            "first found Cache to be 0, as other had left it: VM_BUG_ON(t - f <= 1).",
            new StoryWriter(Told.Plan("first", "other"), Told.LastEntry).Tell().Closing);

    [Fact]
    public void Write_RacingAccesses_AreMarkedAndNamed()
    {
        TraceEvent[] events =
        [
            Told.Writes(0, "x", "0", "1"),
            new(1, AccessOp.Read, "x", "1"),
            Told.Fails(1, "x", "data-race"),
        ];
        StoryMark[] marks = [new(0, StoryMarkKind.Racing), new(1, StoryMarkKind.Racing)];

        Story story = new StoryWriter(Told.Plan("first", "other"), events, marks: marks).Tell();

        Assert.Equal(2, story.ToText().Split('\n').Count(line => line.StartsWith("!!", StringComparison.Ordinal)));
        Assert.Equal(
            "first set x from 0 to 1 and other read x as 1, and nothing orders the two: data-race: x.", story.Closing);
    }

    [Fact]
    public void Write_StaleReadThatRaces_HasOneCommaAfterAnAside()
    {
        TraceEvent[] events =
        [
            Told.Writes(0, "x", "0", "1"),
            Told.Reads(1, "x", "0") with { Newest = "1" },
            Told.Fails(1, "x", "data-race"),
        ];
        StoryMark[] marks = [new(0, StoryMarkKind.Racing), new(1, StoryMarkKind.Racing)];

        Assert.Equal(
            "first set x from 0 to 1 and other read x as 0, when the newest was 1, and nothing orders the two: "
            + "data-race: x.",
            new StoryWriter(Told.Plan("first", "other"), events, marks: marks).Tell().Closing);
    }

    [Fact]
    public void Write_StaleReadAtTheEnd_HasNoCommaBeforeTheVerdict()
    {
        TraceEvent[] events =
        [
            Told.Writes(0, "x", "0", "1"),
            Told.Writes(0, "y", "0", "1"),
            Told.Reads(1, "x", "0") with { Newest = "1" },
            Told.Fails(1, "r0 == 1"),
        ];

        Assert.Equal(
            "first set y from 0 to 1 before other read x as 0, when the newest was 1: r0 == 1.",
            new StoryWriter(Told.Plan("first", "other"), events, new DecidingPair(1, 2)).Tell().Closing);
    }

    [Fact]
    public void Write_StaleRead_SaysWhatTheNewestIs()
    {
        TraceEvent[] events =
        [
            Told.Writes(0, "x", "0", "1"),
            Told.Reads(1, "x", "0") with { Newest = "1" },
            Told.Fails(1, "r0 == 1"),
        ];

        Assert.Contains(
            "x is 0, stale: newest is 1",
            new StoryWriter(Told.Plan("first", "other"), events).Write(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TwoReadersAndAWaiter_NamesThemAll()
    {
        TraceEvent[] events =
        [
            Told.Locks(0, "sem") with { Before = "read" },
            Told.Locks(1, "sem") with { Before = "read" },
            Told.Waits(2, "sem", "first"),
            Told.Unlocks(0, "sem") with { Before = "read" },
            Told.Fails(2, "c waits for sem", "deadlock"),
        ];

        string text = new StoryWriter(Told.Plan("a", "b", "c"), events).Write();

        Assert.Contains("held by a and b", Unwrapped(text), StringComparison.Ordinal);
        Assert.Contains("unlocks read sem; c waits", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SpinLoop_IsFoldedIntoItsFirstRound()
    {
        List<TraceEvent> events = [];
        for (int i = 0; i < 10; i++)
        {
            events.Add(Told.Reads(0, "flag", "0"));
            events.Add(Told.Writes(0, "seen", "0", "0"));
        }

        events.Add(Told.Fails(0, "no end", "step-bound"));
        Story story = new StoryWriter(Told.Plan("only"), events).Tell();

        foreach (string text in new[] { story.ToText(), story.ToText(isVerbose: true) })
        {
            Assert.Contains("... 9 more rounds of these 2", text, StringComparison.Ordinal);
            Assert.InRange(text.Count(letter => letter == '\n'), 1, 8);
        }
    }

    [Fact]
    public void Write_ManyTasks_NamesTheTaskInEachRow()
    {
        string[] names = [.. Enumerable.Range(0, 9).Select(task => $"task{task}")];
        TraceEvent[] events =
        [
            .. names.SelectMany((_, task) => new[] { Told.Call(task, "act"), Told.Return(task) }),
            Told.Fails(8, "BUG_ON(x)"),
        ];

        string text = new StoryWriter(Told.Plan(names), events).Write();

        Assert.Contains("| task3  act()", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public void Write_ManyEvents_KeepsThePairAndTheFailureIn40Lines()
    {
        List<TraceEvent> events = [Told.Writes(1, "x", "0", "1")];
        for (int i = 0; i < 400; i++)
        {
            events.Add(Told.Call(i % 2, $"act{i}"));
            events.Add(Told.Writes(i % 2, "x", $"{i}", $"{i + 1}"));
            events.Add(Told.Return(i % 2));
        }

        events.Add(Told.Fails(0, "BUG_ON(x)"));
        string text = new StoryWriter(Told.Plan("a", "b"), events, new DecidingPair(0, 601)).Write();

        Assert.InRange(text.Count(letter => letter == '\n'), 1, 40);
        Assert.Equal(2, text.Split('\n').Count(line => line.StartsWith(">>", StringComparison.Ordinal)));
        Assert.Contains("*** bug: BUG_ON(x)", text, StringComparison.Ordinal);
        Assert.Contains("rows are left out", text, StringComparison.Ordinal);
    }

    private static string Unwrapped(string text)
        => string.Join(' ', text.Split([' ', '|', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
