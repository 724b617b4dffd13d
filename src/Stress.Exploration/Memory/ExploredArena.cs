using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>The memory of one explored machine: fixed areas, then objects that are never reused within a run.</summary>
/// <remarks>
/// <code>
/// 0               guard page: nothing lives there
/// 4096            per-CPU areas, <see cref="ICpuContext.PerCpuBytes"/> each
/// then            task structs, <see cref="TaskStruct.Bytes"/> each
/// then, page up   the scenario's root block
/// then            objects of the preparation, each behind a red zone that holds its number
/// then            a part for each task, with the objects that it allocates
/// </code>
/// So the n-th object of a task lies in the same place in whatever order the tasks run.
/// A shadow byte for every 8 bytes says whether they may be touched, so a use after free is found at the access.
/// Objects of a cache that is type-safe by RCU are recycled at once, last freed first. Not thread-safe.
/// </remarks>
internal sealed unsafe class ExploredArena : IDisposable
{
    private const int GuardBytes = 4096;
    private const int RedZoneBytes = 16;
    private const int ShadowShift = 3;
    private const byte Live = 1;

    private readonly List<ObjectRecord> _objects = [];
    private readonly List<Stack<int>?> _recycled = [];
    private readonly int[] _numberAt;
    private readonly nint _base;
    private readonly int _size;
    private readonly byte* _shadow;
    private readonly byte* _snapshot;
    private readonly int _cpus;
    private readonly int _tasks;
    private readonly int _root;
    private readonly int _heap;
    private ObjectRecord[] _snapshotObjects = [];
    private readonly int[] _tops;
    private int _part;
    private int _snapshotTop;
    private int _top;
    private bool _isDisposed;

    /// <summary>Reserves the memory.</summary>
    /// <param name="plan">Says how many tasks and CPUs there are, and how large the root block is.</param>
    /// <param name="bytes">Room for everything; a run that needs more is a model error.</param>
    public ExploredArena(ScenarioPlan plan, int bytes)
    {
        _cpus = plan.Cpus;
        _tasks = plan.Tasks.Count;
        _size = bytes;
        _tops = new int[_tasks];
        _numberAt = new int[bytes / RedZoneBytes];
        _base = (nint)NativeMemory.AlignedAlloc((nuint)bytes, GuardBytes);
        _shadow = (byte*)NativeMemory.AllocZeroed((nuint)bytes >> ShadowShift);
        _snapshot = (byte*)NativeMemory.Alloc((nuint)bytes + ((nuint)bytes >> ShadowShift));
        int tasksEnd = GuardBytes + (_cpus * ICpuContext.PerCpuBytes) + (_tasks * TaskStruct.Bytes);
        _root = (tasksEnd + GuardBytes - 1) & -GuardBytes;
        _heap = (_root + plan.RootBytes + 63) & -64;
        NativeMemory.Clear((void*)_base, (nuint)_heap);
        NativeMemory.Fill(_shadow + (GuardBytes >> ShadowShift), (nuint)(tasksEnd - GuardBytes) >> ShadowShift, Live);
        NativeMemory.Fill(_shadow + (_root >> ShadowShift), (nuint)(plan.RootBytes + 7) >> ShadowShift, Live);
        _top = _heap;
    }

    ~ExploredArena() => Free();

    /// <summary>Size of the memory.</summary>
    public int Bytes => _size;

    /// <summary>The root block.</summary>
    public nint Root => _base + _root;

    /// <summary>Objects that were ever allocated in this run, in that order.</summary>
    public IReadOnlyList<ObjectRecord> Objects => _objects;

    /// <summary>First byte of a per-CPU area.</summary>
    public nint PerCpu(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cpu, (uint)_cpus, nameof(cpu));
        return _base + GuardBytes + (cpu * ICpuContext.PerCpuBytes);
    }

    /// <summary>A task struct.</summary>
    public TaskStruct Task(int task)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)task, (uint)_tasks, nameof(task));
        return new TaskStruct(_base + GuardBytes + (_cpus * ICpuContext.PerCpuBytes) + (task * TaskStruct.Bytes));
    }

    /// <summary>Whether the 8 bytes around an address may be touched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLive(nint at)
    {
        nuint offset = (nuint)(at - _base);
        return offset < (nuint)_size && _shadow[offset >> ShadowShift] == Live;
    }

    /// <summary>A value as it is on every host: a pointer into the arena becomes its offset.</summary>
    public ulong Portable(ulong value)
    {
        ulong offset = value - (ulong)_base;
        return offset < (ulong)_size ? offset | 0xA000_0000_0000_0000 : value;
    }

    /// <summary>Distance of an address from the start of the arena; negative or large when it is outside.</summary>
    public long OffsetOf(nint at) => at - _base;

    /// <summary>Whether an address points into the arena.</summary>
    public bool Contains(nint at) => (nuint)(at - _base) < (nuint)_size;

    /// <summary>Takes an object.</summary>
    /// <returns>Its address.</returns>
    /// <exception cref="RunFailedException">The arena is full.</exception>
    public nint Alloc(SlabCache cache, int task)
    {
        int number;
        ObjectRecord record;
        if (Recycled(cache) is { Count: > 0 } recycled)
        {
            number = recycled.Pop();
            record = _objects[number];
            record = record with { AllocatedBy = task, FreedBy = ObjectRecord.Nobody };
            _objects[number] = record;
        }
        else
        {
            number = _objects.Count;
            int alignment = Math.Max(16, cache.Alignment);
            ref int top = ref _part == 0 ? ref _top : ref _tops[task];
            int offset = (top + RedZoneBytes + alignment - 1) & -alignment;
            int end = offset + ((cache.ObjectBytes + 15) & -16);
            if (end > (_part == 0 ? _size : _snapshotTop + ((task + 1) * _part)))
            {
                throw new RunFailedException(FindingKind.ModelError,
                    $"the model's memory of {_size} bytes is full: it allocates without end");
            }

            *(int*)(_base + offset - 8) = number;
            record = new ObjectRecord(cache, _base + offset, number, task, ObjectRecord.Nobody);
            _objects.Add(record);
            top = end;
            Array.Fill(_numberAt, number, offset / RedZoneBytes, (end - offset) / RedZoneBytes);
            NativeMemory.Fill(_shadow + (offset >> ShadowShift), (nuint)((cache.ObjectBytes + 7) >> ShadowShift), Live);
        }

        byte fill = cache.Options.HasFlag(SlabOptions.Zeroed) ? (byte)0 : SlabCache.Fresh;
        if (fill == 0 || !cache.Options.HasFlag(SlabOptions.TypesafeByRcu))
        {
            NativeMemory.Fill((void*)record.Address, (nuint)cache.ObjectBytes, fill);
        }

        return record.Address;
    }

    /// <summary>Gives an object back.</summary>
    /// <returns>Null, or what is wrong with that.</returns>
    public string? Free(SlabCache cache, nint at, int task)
    {
        if (RecordAt(at) is not { } record || record.Cache != cache)
        {
            return $"free of an address that is no {cache.Name}";
        }

        if (!record.IsLive)
        {
            return $"{record.Name} is freed twice";
        }

        _objects[record.Number] = record with { FreedBy = task };
        if (cache.Options.HasFlag(SlabOptions.TypesafeByRcu))
        {
            Recycled(cache)!.Push(record.Number);
        }
        else
        {
            NativeMemory.Fill((void*)at, (nuint)cache.ObjectBytes, SlabCache.Poison);
            NativeMemory.Clear(
                _shadow + (OffsetOf(at) >> ShadowShift), (nuint)((cache.ObjectBytes + 7) >> ShadowShift));
        }

        return null;
    }

    /// <summary>The address at a distance from the start of the arena.</summary>
    public nint AddressOf(int offset) => _base + offset;

    /// <summary>The object around an address, living or freed, or null.</summary>
    public ObjectRecord? Find(nint at)
    {
        foreach (ObjectRecord record in _objects)
        {
            if (at >= record.Address && at < record.Address + record.Cache.ObjectBytes)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>The number of the object around an address, living or freed; -1 where none was.</summary>
    public int NumberAt(nint at)
    {
        nint offset = at - _base;
        if ((nuint)offset >= (nuint)_size || offset < _heap)
        {
            return -1;
        }

        int number = _numberAt[offset / RedZoneBytes];
        return number < _objects.Count && at >= _objects[number].Address
            && at < _objects[number].Address + _objects[number].Cache.ObjectBytes ? number : -1;
    }

    /// <summary>The first object that still lives, or null.</summary>
    public ObjectRecord? FirstLeak()
    {
        foreach (ObjectRecord record in CollectionsMarshal.AsSpan(_objects))
        {
            if (record.IsLive)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>Remembers the present state as the one that every run starts from.</summary>
    public void TakeSnapshot()
    {
        _snapshotTop = _top;
        _snapshotObjects = [.. _objects];
        NativeMemory.Copy((void*)_base, _snapshot, (nuint)_top);
        NativeMemory.Copy(_shadow, _snapshot + _size, (nuint)_top >> ShadowShift);
        _snapshotTop = (_snapshotTop + 63) & -64;
        _part = ((_size - _snapshotTop) / _tasks) & -64;
        ClearParts();
    }

    /// <summary>Goes back to the snapshot.</summary>
    public void Restore()
    {
        // Pages below the per-CPU areas never change; above the snapshot only the shadow must be taken back.
        NativeMemory.Copy(_snapshot + GuardBytes, (void*)(_base + GuardBytes), (nuint)(_snapshotTop - GuardBytes));
        NativeMemory.Copy(_snapshot + _size, _shadow, (nuint)_snapshotTop >> ShadowShift);
        ClearParts();
        CollectionsMarshal.SetCount(_objects, _snapshotObjects.Length);
        _snapshotObjects.CopyTo(CollectionsMarshal.AsSpan(_objects));
        foreach (Stack<int>? recycled in _recycled)
        {
            recycled?.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void ClearParts()
    {
        for (int task = 0; task < _tasks; task++)
        {
            int start = _snapshotTop + (task * _part);
            if (_tops[task] > start)
            {
                NativeMemory.Clear(_shadow + (start >> ShadowShift), (nuint)(_tops[task] - start + 7) >> ShadowShift);
            }

            _tops[task] = start;
        }
    }

    private ObjectRecord? RecordAt(nint at)
    {
        if (!Contains(at) || OffsetOf(at) < _heap)
        {
            return null;
        }

        int number = *(int*)(at - 8);
        return (uint)number < (uint)_objects.Count && _objects[number].Address == at ? _objects[number] : null;
    }

    // Objects that a snapshot holds as freed stay freed: each run recycles its own only.
    private Stack<int>? Recycled(SlabCache cache)
    {
        if (!cache.Options.HasFlag(SlabOptions.TypesafeByRcu))
        {
            return null;
        }

        while (_recycled.Count <= cache.Index)
        {
            _recycled.Add(null);
        }

        return _recycled[cache.Index] ??= new Stack<int>();
    }

    private void Free()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            NativeMemory.AlignedFree((void*)_base);
            NativeMemory.Free(_shadow);
            NativeMemory.Free(_snapshot);
        }
    }
}
