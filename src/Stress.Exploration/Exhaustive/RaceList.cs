using System;

namespace Stress.Exploration;

/// <summary>Pairs of steps of a path that could as well come in the other order.</summary>
internal sealed class RaceList
{
    private (int First, int Second, int Key)[] _races = new (int, int, int)[16];

    public int Count { get; private set; }

    public (int First, int Second, int Key) this[int index] => _races[index];

    public void Clear() => Count = 0;

    /// <summary>Adds a pair.</summary>
    /// <param name="first">The earlier step.</param>
    /// <param name="second">The later one.</param>
    /// <param name="key">Weak memory: the store of the later one that the earlier one could read; 0 when the two are to
    /// be turned round.</param>
    public void Add(int first, int second, int key = 0)
    {
        if (Count == _races.Length)
        {
            Array.Resize(ref _races, Count * 2);
        }

        _races[Count++] = (first, second, key);
    }
}
