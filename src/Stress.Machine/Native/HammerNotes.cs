using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>What could not be done as asked; each thread may add to it.</summary>
internal sealed class HammerNotes
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _texts = [];

    /// <summary>Adds a note, once.</summary>
    public void Add(string text)
    {
        lock (_lock)
        {
            _texts.Add(text);
        }
    }

    /// <summary>The notes, in the order of their texts.</summary>
    public ImmutableArray<string> ToArray()
    {
        lock (_lock)
        {
            return [.. _texts.Order(StringComparer.Ordinal)];
        }
    }
}
