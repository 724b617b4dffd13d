using System;

namespace Stress.Exploration;

/// <summary>Pairs of steps of a path that could as well come in the other order.</summary>
internal sealed class RaceList
{
    private (int First, int Second)[] _races = new (int, int)[16];

    public int Count { get; private set; }

    public (int First, int Second) this[int index] => _races[index];

    public void Clear() => Count = 0;

    public void Add(int first, int second)
    {
        if (Count == _races.Length)
        {
            Array.Resize(ref _races, Count * 2);
        }

        _races[Count++] = (first, second);
    }
}
