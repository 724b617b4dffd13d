using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Stress.Exploration;

/// <summary>Two accesses to the same bytes that nothing orders: one writes, and one is plain.</summary>
/// <param name="Cell">The cell of the later access, such as <c>file_region#3.From</c>.</param>
/// <param name="First">The access that was made first in this run.</param>
/// <param name="Second">The access at which the race was noticed.</param>
public sealed partial record RaceReport(string Cell, RaceSite First, RaceSite Second)
{
    /// <summary>The cell without the numbers of objects and CPUs: the same in every run.</summary>
    public string Field => FieldOf(Cell);

    /// <summary>The race in one sentence, with the locks held where there were any: one that both had held would have
    /// been the order that is missing.</summary>
    public string Text
    {
        get
        {
            string text = $"{First.Access} of {Field} by {First.Who} races with {Second.Access} by {Second.Who}";
            return First.Locks.Count + Second.Locks.Count == 0 ? text
                : $"{text}; {First.Holds}; {Second.Holds}";
        }
    }

    /// <summary>Marks for the story of the run.</summary>
    internal StoryMark[] Marks()
        => [new(First.Event, StoryMarkKind.Racing), new(Second.Event, StoryMarkKind.Racing)];

    /// <summary>A cell's name without the numbers of objects, and of the CPU whose area it is in.</summary>
    internal static string FieldOf(string cell) => Number().Replace(cell, "");

    [GeneratedRegex(@"#[0-9]+|(?<=^cpu)[0-9]+(?=\+)")]
    private static partial Regex Number();
}

/// <summary>One of the two accesses of a race.</summary>
/// <param name="Task">Number of the task.</param>
/// <param name="TaskName">Its name.</param>
/// <param name="Operations">The operations that were open, outermost first.</param>
/// <param name="Access">What it did, such as <c>plain write</c> or <c>READ_ONCE</c>.</param>
/// <param name="Value">What it read, or wrote; empty for a free.</param>
/// <param name="Locks">The locks that the task held, in the order in which it took them.</param>
/// <param name="Event">Which event of the recorded run it is, from 0; -1 where none was kept.</param>
public sealed record RaceSite(
    int Task,
    string TaskName,
    IReadOnlyList<string> Operations,
    string Access,
    string Value,
    IReadOnlyList<string> Locks,
    int Event)
{
    /// <summary>The task and the innermost operation.</summary>
    internal string Who => Operations.Count == 0 ? TaskName : $"{TaskName} in {Operations[^1]}";

    internal string Holds
        => $"{TaskName} holds {(Locks.Count == 0 ? "no lock" : string.Join(" and ", Locks.Distinct()))}";
}
