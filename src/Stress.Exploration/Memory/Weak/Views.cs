using System;

namespace Stress.Exploration;

/// <summary>Views: for each location, the oldest store that whoever has the view may still see.</summary>
/// <remarks>A view is a row of store numbers; the first store of a location is the value that it starts with. Rows are
/// given out anew in each run and never given back.</remarks>
/// <param name="history">Tells which of two stores of a location is newer.</param>
internal sealed class Views(StoreHistory history)
{
    private int[] _rows = new int[64 * StoreHistory.MaxLocations];
    private int _count;

    public void Reset() => _count = 0;

    /// <summary>A view that sees all stores.</summary>
    public int New()
    {
        int view = _count++;
        if ((view + 1) * StoreHistory.MaxLocations > _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
        }

        Row(view).Clear();
        return view;
    }

    /// <summary>The oldest store of a location that the view may see: as many places from the first store made.
    /// </summary>
    public int this[int view, int location]
    {
        get
        {
            int store = _rows[(view * StoreHistory.MaxLocations) + location];
            return store == 0 ? history.First(location) : store;
        }
    }

    /// <summary>From now on the view sees no store older than the given one.</summary>
    public void Raise(int view, int location, int store)
    {
        if (history.IsNewer(store, this[view, location]))
        {
            _rows[(view * StoreHistory.MaxLocations) + location] = store;
        }
    }

    /// <summary>From now on the view sees nothing that <paramref name="other"/> does not see.</summary>
    public void Join(int view, int other)
    {
        Span<int> mine = Row(view);
        ReadOnlySpan<int> theirs = Row(other);
        for (int location = 0; location < history.Locations; location++)
        {
            int store = theirs[location];
            if (store != 0 && (mine[location] == 0 || history.IsNewer(store, mine[location])))
            {
                mine[location] = store;
            }
        }
    }

    private Span<int> Row(int view)
        => _rows.AsSpan(view * StoreHistory.MaxLocations, StoreHistory.MaxLocations);
}
