using System;
using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>All stores of a run to each location, in coherence order.</summary>
/// <remarks>
/// A location is an aligned word of four bytes; of eight where it was ever accessed as eight. A store of fewer bytes
/// takes its place in the order of the whole word, as an atomic update of it would. Store 0 is none.
/// </remarks>
/// <param name="arena">Tells the values that locations start with.</param>
internal sealed class StoreHistory(ExploredArena arena)
{
    /// <summary>How many locations a run may touch.</summary>
    public const int MaxLocations = 128;

    private const int None = -1;

    // By the number of the word of four bytes; which of them are parts of wider ones is never forgotten.
    private readonly int[] _locationOf = Filled(arena.Bytes >> 2);
    private readonly bool[] _isWide = new bool[arena.Bytes >> 3];
    private readonly int[] _wordOf = new int[MaxLocations];
    private readonly int[] _first = new int[MaxLocations];
    private readonly List<int>[] _order = new List<int>[MaxLocations];

    private Store[] _stores = new Store[256];
    private int _count = 1;

    /// <summary>Locations that were touched in this run.</summary>
    public int Locations { get; private set; }

    public void Reset()
    {
        for (int i = 0; i < Locations; i++)
        {
            _locationOf[_wordOf[i]] = None;
            _order[i].Clear();
        }

        Locations = 0;
        _count = 1;
    }

    /// <summary>The location of an access.</summary>
    /// <exception cref="RunFailedException">There are too many, or the cell was accessed in two sizes.</exception>
    public int LocationOf(nint at, int size)
    {
        long offset = arena.OffsetOf(at);
        if (size == 8 && !_isWide[offset >> 3])
        {
            _isWide[offset >> 3] = true;
            if (_locationOf[offset >> 2] != None || _locationOf[(offset >> 2) + 1] != None)
            {
                throw new RunFailedException(FindingKind.ModelError,
                    "a cell is accessed as four bytes first and as eight later, which weak memory does not model");
            }
        }

        int word = _isWide[offset >> 3] ? (int)(offset >> 3) << 1 : (int)(offset >> 2);
        int location = _locationOf[word];
        return location != None ? location : Add(word);
    }

    /// <summary>The location that begins at an address, or null when none does.</summary>
    public int? Find(nint at)
    {
        int location = _locationOf[arena.OffsetOf(at) >> 2];
        return location == None ? null : location;
    }

    /// <summary>The number of a location's first word of four bytes.</summary>
    public int WordOf(int location) => _wordOf[location];

    /// <summary>Size of a location.</summary>
    public int BytesOf(int location) => _isWide[_wordOf[location] >> 1] ? 8 : 4;

    /// <summary>Whether an access is of the whole location.</summary>
    public bool IsWhole(nint at, int size) => size == (_isWide[arena.OffsetOf(at) >> 3] ? 8 : 4);

    /// <summary>The value that a location starts with.</summary>
    public int First(int location) => _first[location];

    /// <summary>The stores of a location, oldest first.</summary>
    public IReadOnlyList<int> Of(int location) => _order[location];

    /// <summary>The store that nothing has overwritten.</summary>
    public int Newest(int location) => _order[location][^1];

    public bool IsNewer(int store, int than) => _stores[store].Rank > _stores[than].Rank;

    public ref Store this[int store] => ref _stores[store];

    /// <summary>The part of a store's value that an access of a place and size sees.</summary>
    public ulong Value(int store, nint at, int size)
    {
        int shift = 8 * (int)(arena.OffsetOf(at) & (_isWide[arena.OffsetOf(at) >> 3] ? 7 : 3));
        ulong value = _stores[store].Value >> shift;
        return size == 8 ? value : value & ((1ul << (8 * size)) - 1);
    }

    /// <summary>The value of a store with some of its bytes replaced.</summary>
    public ulong Merged(int store, nint at, int size, ulong value)
    {
        if (size == 8)
        {
            return value;
        }

        int shift = 8 * (int)(arena.OffsetOf(at) & (_isWide[arena.OffsetOf(at) >> 3] ? 7 : 3));
        ulong mask = ((1ul << (8 * size)) - 1) << shift;
        return (_stores[store].Value & ~mask) | ((value << shift) & mask);
    }

    /// <summary>Puts a store behind another one in the order of their location.</summary>
    public int Insert(int location, int behind, ulong value, int key, int view)
    {
        int store = New(value, key, view);
        List<int> order = _order[location];
        int rank = _stores[behind].Rank + 1;
        order.Insert(rank, store);
        for (int i = rank; i < order.Count; i++)
        {
            _stores[order[i]].Rank = i;
        }

        return store;
    }

    private static int[] Filled(int length)
    {
        int[] made = new int[length];
        Array.Fill(made, None);
        return made;
    }

    private unsafe int Add(int word)
    {
        if (Locations == MaxLocations)
        {
            throw new RunFailedException(
                FindingKind.ModelError, $"a run touches more than {MaxLocations} cells, too many for weak memory");
        }

        int location = Locations++;
        _locationOf[word] = location;
        _wordOf[location] = word;
        _order[location] ??= [];
        nint at = arena.Root - (nint)arena.OffsetOf(arena.Root) + ((nint)word << 2);
        ulong value = _isWide[word >> 1] ? *(ulong*)at : *(uint*)at;
        int store = New(value, key: 0, view: None);
        _first[location] = store;
        _order[location].Add(store);
        return location;
    }

    private int New(ulong value, int key, int view)
    {
        if (_count == _stores.Length)
        {
            Array.Resize(ref _stores, _count * 2);
        }

        _stores[_count] = new Store { Value = value, Key = key, View = view };
        return _count++;
    }

    /// <summary>One store.</summary>
    internal struct Store
    {
        public ulong Value;

        /// <summary>Names it in the same way in every run in which its task makes it: 0 for what a location starts
        /// with.</summary>
        public int Key;

        /// <summary>What an acquire that reads it sees; -1 for nothing.</summary>
        public int View;

        /// <summary>Its position in the order of its location.</summary>
        public int Rank;

        /// <summary>Whether an atomic update read it: nothing may come between the two.</summary>
        public bool IsTaken;
    }
}
