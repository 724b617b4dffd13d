using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

/// <summary>What accesses may see when nothing orders them: the kernel's memory model by views.</summary>
/// <remarks>
/// Each location keeps its stores in coherence order. A task has views, and a view says how old a store may be that is
/// still seen. A load picks any store that is not older than the task's view; a store takes any place behind it; an
/// atomic update picks a store that no other update has picked, and comes right behind it.
/// <code>
/// view of a task   what may not be older                            raised by
/// current          what its loads see                               its accesses; acquires; fences
/// seen             what its next read fence or release takes over,  loads: with what the store that they read published
///                  and what its stores come behind
/// published        what its relaxed stores publish                  write fences: own stores; full fences: all seen
/// own              what its next write fence publishes              its stores
/// depends (object) what loads from an object see, its address       loads of a pointer to the object
///                  being known by a load
/// </code>
/// A release publishes what was seen, so also what earlier relaxed loads read (A-cumulativity). Full fences are in one
/// order, by one view that all of them share. A release sequence goes on through atomic updates.
/// Not modelled: load buffering (no store is seen before its time: a load never reads a store that depends on it),
/// and parts of words: see <see cref="StoreHistory"/>.
/// Source: the rules of tools/memory-model (LKMM), v6.12; views as in Kang, Hur, Lahav, Vafeiadis, Dreyer, A Promising
/// Semantics for Relaxed-Memory Concurrency, POPL 2017, without promises.
/// </remarks>
internal sealed class WeakMemory
{
    private const int None = -1;

    private readonly ExploredArena _arena;
    private readonly StoreHistory _history;
    private readonly Views _views;
    private readonly TaskViews[] _tasks;
    private int[] _candidates = new int[16];
    private int[] _keys = new int[16];
    private int _full;

    public WeakMemory(ExploredArena arena, int tasks)
    {
        _arena = arena;
        _history = new StoreHistory(arena);
        _views = new Views(_history);
        _tasks = new TaskViews[tasks];
        for (int i = 0; i < tasks; i++)
        {
            _tasks[i] = new TaskViews();
        }
    }

    /// <summary>Forgets all stores: memory as it is now is what everybody sees.</summary>
    public void Reset()
    {
        _history.Reset();
        _views.Reset();
        _full = _views.New();
        foreach (TaskViews task in _tasks)
        {
            task.Reset(_views);
        }
    }

    /// <summary>The stores that an access may read or, if it only writes, be placed behind: the newest first.</summary>
    /// <returns>Empty when it has to wait. Valid until the next call.</returns>
    public ReadOnlySpan<int> Candidates(int task, AccessOp op, nint at, int size, ulong a)
    {
        int location = _history.LocationOf(at, size);
        int count = 0;
        int oldest = _history[FloorOf(task, at, location)].Rank;

        // No store is made before a load that comes before it, so what the loads have seen lies behind it.
        int oldestIfWritten = Math.Max(oldest, _history[_views[_tasks[task].Seen, location]].Rank);
        if (MemoryOrder.IsFull(op))
        {
            oldestIfWritten = Math.Max(oldestIfWritten, _history[_views[_full, location]].Rank);
        }

        IReadOnlyList<int> stores = _history.Of(location);
        bool isNewestOnly = MemoryOrder.IsStore(op) && (op == AccessOp.CancelPark || !_history.IsWhole(at, size));
        for (int rank = stores.Count - 1; rank >= oldest && !(isNewestOnly && count == 1); rank--)
        {
            int store = stores[rank];
            if (CanUse(op, store, at, size, a, rank >= oldestIfWritten))
            {
                if (count == _candidates.Length)
                {
                    Array.Resize(ref _candidates, count * 2);
                    Array.Resize(ref _keys, count * 2);
                }

                _candidates[count] = store;
                _keys[count++] = _history[store].Key;
            }
        }

        return _candidates.AsSpan(0, count);
    }

    /// <summary>What names the stores that the last call of <see cref="Candidates"/> returned, in the same order.
    /// </summary>
    public ReadOnlySpan<int> Keys(int count) => _keys.AsSpan(0, count);

    /// <summary>The value that an access of a place and size would read from a store.</summary>
    public ulong ValueOf(int store, nint at, int size) => _history.Value(store, at, size);

    public int KeyOf(int store) => _history[store].Key;

    /// <summary>The location's bytes within their eight, a bit each.</summary>
    public byte BytesOf(nint at, int size)
        => _history.IsWhole(at, size) && size == 8 ? (byte)0xff
            : _history.IsWhole(at & ~(nint)3, 4) ? (byte)(0xf << (int)(_arena.OffsetOf(at) & 4)) : (byte)0xff;

    /// <summary>The eight bytes around a place as whoever reads a store of its location sees them, others being 0.
    /// </summary>
    public ulong WordOf(int store, nint at, int size)
        => _history[store].Value << (BytesOf(at, size) == 0xff ? 0 : 8 * (int)(_arena.OffsetOf(at) & 4));

    /// <summary>The newest value of a place.</summary>
    public ulong Newest(nint at, int size) => ValueOf(_history.Newest(_history.LocationOf(at, size)), at, size);

    /// <summary>Whether nothing has overwritten a store to a place.</summary>
    public bool IsNewest(int store, nint at, int size) => _history.Newest(_history.LocationOf(at, size)) == store;

    /// <summary>Whether an access is of the whole location that it is in.</summary>
    public bool IsWhole(nint at, int size) => _history.IsWhole(at, size);

    /// <summary>The key that the next store of a task will have.</summary>
    public int NextKey(int task) => ((task + 1) << 20) | (_tasks[task].Stores + 1);

    /// <summary>Makes an access.</summary>
    /// <param name="store">One of <see cref="Candidates"/>.</param>
    /// <param name="writes">Whether it writes, given what it read.</param>
    /// <param name="value">What it writes.</param>
    /// <returns>The store that it made; -1 when it only read.</returns>
    public int Access(int task, AccessOp op, nint at, int size, int store, bool writes, ulong value)
    {
        TaskViews views = _tasks[task];
        int location = _history.LocationOf(at, size);
        if (MemoryOrder.IsFull(op) && writes)
        {
            FullFence(task);
        }

        if (!MemoryOrder.IsStore(op))
        {
            Read(views, op, location, store, writes);
            NoteDependency(views, at, store, ValueOf(store, at, size));
        }

        int made = writes ? Write(task, op, at, size, location, store, value) : None;
        if (MemoryOrder.IsFull(op) && writes)
        {
            FullFence(task);
        }

        return made;
    }

    /// <summary>For each location, by its place in memory, the keys of its stores in coherence order.</summary>
    public IEnumerable<(int Word, IReadOnlyList<int> Keys)> Orders()
    {
        for (int location = 0; location < _history.Locations; location++)
        {
            yield return (_history.WordOf(location), [.. _history.Of(location).Select(store => _history[store].Key)]);
        }
    }

    /// <summary>A fence of one task.</summary>
    public void Fence(int task, AccessOp op)
    {
        TaskViews views = _tasks[task];
        switch (op)
        {
            case AccessOp.ReadFence:
                _views.Join(views.Current, views.Seen);
                break;

            case AccessOp.WriteFence:
                _views.Join(views.Published, views.Own);
                break;

            case AccessOp.FenceEveryCpu:
                FullFence(task);
                for (int other = 0; other < _tasks.Length; other++)
                {
                    FullFence(other);
                }

                FullFence(task);
                break;

            default:
                FullFence(task);
                break;
        }
    }

    /// <summary>An object was filled anew: a store to each of its locations.</summary>
    public void Filled(int task, nint at, int bytes)
    {
        for (nint cell = at & ~(nint)3; cell < at + bytes; cell += 4)
        {
            if (_history.Find(cell) is { } location)
            {
                int size = _history.BytesOf(location);
                Write(task, AccessOp.Write, cell, size, location, _history.Newest(location), MachineWord(cell, size));
                cell += size - 4;
            }
        }
    }

    private static unsafe ulong MachineWord(nint at, int size) => size == 8 ? *(ulong*)at : *(uint*)at;

    private bool CanUse(AccessOp op, int store, nint at, int size, ulong a, bool canBeBehind)
    {
        ref StoreHistory.Store made = ref _history[store];
        switch (op)
        {
            case AccessOp.Read or AccessOp.ReadOnce or AccessOp.LoadAcquire or AccessOp.Dereference:
                return true;

            case AccessOp.WaitWhile or AccessOp.WaitForClear or AccessOp.WaitForWork or AccessOp.Park:
                return Touches.IsOver(op, ValueOf(store, at, size), a);

            case AccessOp.AddWhenClear:
                return canBeBehind && !made.IsTaken && Touches.IsOver(op, ValueOf(store, at, size), a);

            case AccessOp.CompareExchange or AccessOp.CompareExchangeRelaxed
                or AccessOp.CompareExchangeAcquire or AccessOp.CompareExchangeRelease:
                return ValueOf(store, at, size) != a || (!made.IsTaken && canBeBehind);

            default:
                return !made.IsTaken && canBeBehind;
        }
    }

    private int FloorOf(int task, nint at, int location)
    {
        TaskViews views = _tasks[task];
        int floor = _views[views.Current, location];
        int depends = views.DependsOn(_arena.NumberAt(at));
        if (depends != None)
        {
            int other = _views[depends, location];
            floor = _history.IsNewer(other, floor) ? other : floor;
        }

        return floor;
    }

    private void Read(TaskViews views, AccessOp op, int location, int store, bool writes)
    {
        _views.Raise(views.Current, location, store);
        _views.Raise(views.Seen, location, store);
        int view = _history[store].View;
        if (view == None)
        {
            return;
        }

        _views.Join(views.Seen, view);
        bool isConditional = Touches.IsConditional(op);
        if (MemoryOrder.IsAcquire(op) && (writes || !isConditional))
        {
            _views.Join(views.Current, view);
        }

        if (op == AccessOp.AddWhenClear)
        {
            // An unlock and the next lock of the same lock order the stores around them for third parties too.
            _views.Join(views.Published, view);
        }
    }

    private int Write(int task, AccessOp op, nint at, int size, int location, int behind, ulong value)
    {
        TaskViews views = _tasks[task];
        int view = _views.New();
        _views.Join(view, MemoryOrder.IsRelease(op) || MemoryOrder.IsFull(op) ? views.Seen : views.Published);
        if (!MemoryOrder.IsStore(op) || !_history.IsWhole(at, size))
        {
            // An update goes on with the release sequence of the store that it read; a store to some of the bytes keeps
            // what was published with the others.
            ref StoreHistory.Store read = ref _history[behind];
            read.IsTaken = true;
            if (read.View != None)
            {
                _views.Join(view, read.View);
            }
        }

        int store = _history.Insert(location, behind, _history.Merged(behind, at, size, value), NextKey(task), view);
        views.Stores++;
        _views.Raise(view, location, store);
        _views.Raise(views.Current, location, store);
        _views.Raise(views.Seen, location, store);
        _views.Join(views.Own, view);
        return store;
    }

    private void FullFence(int task)
    {
        TaskViews views = _tasks[task];
        _views.Join(views.Seen, _full);
        _views.Join(_full, views.Seen);
        _views.Join(views.Current, views.Seen);
        _views.Join(views.Published, views.Seen);
    }

    // What the pointer's store published, and what the pointer's own address depended on, hold for the object too.
    private void NoteDependency(TaskViews views, nint at, int store, ulong value)
    {
        int target = _arena.NumberAt((nint)value);
        if (target == None)
        {
            return;
        }

        int view = views.MakeDependsOn(target, _views);
        if (_history[store].View is var published && published != None)
        {
            _views.Join(view, published);
        }

        int source = views.DependsOn(_arena.NumberAt(at));
        if (source != None && source != view)
        {
            _views.Join(view, source);
        }
    }
}
