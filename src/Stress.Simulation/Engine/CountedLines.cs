using System;
using System.Collections.Generic;

namespace Stress.Simulation;

/// <summary>Which lines are counted together: those at one place of the objects of one kind; any other line alone.
/// </summary>
/// <param name="lines">Lines of the memory.</param>
internal sealed class CountedLines(int lines)
{
    private readonly Dictionary<(string Kind, int Line), int> _places = [];

    // By line: its group, plus 1; 0 for none yet.
    private readonly int[] _groups = new int[lines];
    private int[] _first = new int[64];
    private int[] _members = new int[64];

    /// <summary>Groups that there are.</summary>
    public int Count { get; private set; }

    /// <summary>The group of a line.</summary>
    public int Of(int line)
    {
        if (_groups[line] == 0)
        {
            Put(line, Add(line));
        }

        return _groups[line] - 1;
    }

    /// <summary>The first line of a group: it stands for all.</summary>
    public int FirstOf(int group) => _first[group];

    /// <summary>How many lines are in a group.</summary>
    public int MembersOf(int group) => _members[group];

    /// <summary>A line counts with those at the same place of other objects of a kind.</summary>
    public void Join(int line, string kind, int place)
    {
        if (!_places.TryGetValue((kind, place), out int group))
        {
            group = Add(line);
            _places.Add((kind, place), group);
        }

        if (_groups[line] != 0)
        {
            _members[_groups[line] - 1]--;
        }

        Put(line, group);
    }

    private void Put(int line, int group)
    {
        _groups[line] = group;
        _members[group - 1]++;
    }

    private int Add(int line)
    {
        if (Count == _first.Length)
        {
            Array.Resize(ref _first, 2 * Count);
            Array.Resize(ref _members, 2 * Count);
        }

        _first[Count++] = line;
        return Count;
    }
}
