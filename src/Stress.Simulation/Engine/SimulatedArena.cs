using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Stress.Machine;

namespace Stress.Simulation;

/// <summary>The memory of a simulated machine.</summary>
/// <remarks>
/// <code>
/// 0               guard page: nothing lives there
/// 4096            per-CPU areas, <see cref="ICpuContext.PerCpuBytes"/> each
/// then            task structs, <see cref="TaskStruct.Bytes"/> each
/// then, page up   the scenario's root block
/// then, page up   slabs: each has objects of one cache, as many as fit
/// </code>
/// Objects lie in their slab as the kernel's allocator puts them: one after the other, at the cache's stride. A new
/// slab hands them out in an order drawn from the seed, as <c>CONFIG_SLAB_FREELIST_RANDOM</c> does, and a freed object
/// is the next to be handed out. Memory belongs to the socket of the CPU that allocates it first.
/// </remarks>
internal sealed unsafe class SimulatedArena : IDisposable
{
    private const int PageBytes = 4096;
    private const int ObjectsWanted = 16;
    private const int MaxSlabPages = 8;

    private readonly nint _base;
    private readonly int _size;
    private readonly List<CacheState?> _caches = [];
    private readonly List<SlabRange> _slabs = [];
    private readonly List<(nint At, int Bytes, Type Type, string Name)> _labels = [];
    private readonly int _cpus;
    private readonly int _tasks;
    private readonly int _root;
    private readonly int _rootBytes;
    private Xoshiro256 _random;
    private int _top;
    private bool _isDisposed;

    public SimulatedArena(ScenarioPlan plan, int cpus, int tasks, int bytes, ulong seed)
    {
        _cpus = cpus;
        _tasks = tasks;
        bytes += Up(plan.LargeBytes);
        _size = bytes;
        _rootBytes = plan.RootBytes;
        _random = new Xoshiro256(SplitMix64.Derive(seed, 0x51ab));

        // A word more, so that an access whose first byte is inside is all inside.
        _base = (nint)NativeMemory.AlignedAlloc((nuint)bytes + sizeof(ulong), PageBytes);
        NativeMemory.Clear((void*)_base, (nuint)bytes + sizeof(ulong));
        _root = Up(PageBytes + (cpus * ICpuContext.PerCpuBytes) + (tasks * TaskStruct.Bytes));
        _top = Up(_root + plan.RootBytes);
    }

    ~SimulatedArena() => Release();

    public nint Base => _base;

    public int Bytes => _size;

    /// <summary>Bytes that are in use, or were.</summary>
    public int UsedBytes => _top;

    public nint Root => _base + _root;

    /// <summary>Told of each slab that is made: for what, its first byte, and its size.</summary>
    public Action<SlabCache, nint, int>? Taken { get; set; }

    public nint PerCpu(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cpu, (uint)_cpus, nameof(cpu));
        return _base + PageBytes + (cpu * ICpuContext.PerCpuBytes);
    }

    public TaskStruct Task(int task)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)task, (uint)_tasks, nameof(task));
        return new TaskStruct(_base + PageBytes + (_cpus * ICpuContext.PerCpuBytes) + (task * TaskStruct.Bytes));
    }

    /// <summary>Takes an object.</summary>
    /// <exception cref="RunFailedException">The memory is full.</exception>
    public nint Alloc(SlabCache cache)
    {
        CacheState state = StateOf(cache);
        if (state.Free.Count == 0)
        {
            AddSlab(cache, state);
        }

        nint at = state.Free.Pop();
        byte fill = cache.Options.HasFlag(SlabOptions.Zeroed) ? (byte)0 : SlabCache.Fresh;
        NativeMemory.Fill((void*)at, (nuint)cache.ObjectBytes, fill);
        return at;
    }

    /// <summary>Gives an object back.</summary>
    /// <exception cref="RunFailedException">It lies outside of the memory.</exception>
    public void Free(SlabCache cache, nint at)
    {
        if ((nuint)(at - _base) > (nuint)(_size - cache.ObjectBytes))
        {
            throw new RunFailedException(FindingKind.DoubleFree, $"something is freed that is no {cache.Name}");
        }

        StateOf(cache).Free.Push(at);
    }

    public void Label(nint at, int bytes, Type type, string name) => _labels.Add((at, bytes, type, name));

    /// <summary>Where the objects of a kind begin, whether they live or not: those of a cache, or labelled so.
    /// </summary>
    public IEnumerable<nint> ObjectsOf(string kind)
    {
        foreach (SlabRange slab in _slabs)
        {
            for (nint at = slab.Start; slab.Cache.Name == kind && at < slab.End; at += slab.Cache.Stride)
            {
                yield return at;
            }
        }

        foreach ((nint start, int _, Type _, string name) in _labels)
        {
            if (name == kind)
            {
                yield return start;
            }
        }
    }

    /// <summary>What lies at an address: the object, and the field in it.</summary>
    public MemoryPlace PlaceOf(nint at)
    {
        MemoryPlace? best = null;
        int smallest = int.MaxValue;
        foreach ((nint start, int bytes, Type type, string name) in _labels)
        {
            if (at >= start && at < start + bytes && bytes <= smallest)
            {
                smallest = bytes;
                best = new MemoryPlace(name, type, start, (int)(at - start));
            }
        }

        foreach (SlabRange slab in _slabs)
        {
            if (at >= slab.Start && at < slab.End && slab.Cache.ObjectBytes < smallest)
            {
                nint start = slab.Start + ((at - slab.Start) / slab.Cache.Stride * slab.Cache.Stride);
                string name = best?.Start == start ? best.Value.Name : slab.Cache.Name;
                return new MemoryPlace(name, slab.Cache.ObjectType, start, (int)(at - start));
            }
        }

        if (best is { } labelled)
        {
            return labelled;
        }

        for (int i = 0; i < _cpus; i++)
        {
            if (at >= PerCpu(i) && at < PerCpu(i) + ICpuContext.PerCpuBytes)
            {
                return new MemoryPlace("per_cpu", null, PerCpu(i), (int)(at - PerCpu(i)));
            }
        }

        for (int i = 0; i < _tasks; i++)
        {
            nint task = Task(i).Address;
            if (at >= task && at < task + TaskStruct.Bytes)
            {
                return new MemoryPlace("task_struct", typeof(TaskStruct), task, (int)(at - task));
            }
        }

        return at >= Root && at < Root + _rootBytes
            ? new MemoryPlace("root", null, Root, (int)(at - Root))
            : new MemoryPlace("memory", null, _base, (int)(at - _base));
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private static int Up(int bytes) => (bytes + PageBytes - 1) & -PageBytes;

    private CacheState StateOf(SlabCache cache)
    {
        while (_caches.Count <= cache.Index)
        {
            _caches.Add(null);
        }

        return _caches[cache.Index] ??= new CacheState();
    }

    // As slub sizes them: one page if enough objects fit, more otherwise.
    private void AddSlab(SlabCache cache, CacheState state)
    {
        int stride = cache.Stride;
        int bytes = PageBytes;
        while (bytes < stride || (bytes / stride < ObjectsWanted && bytes < MaxSlabPages * PageBytes))
        {
            bytes += bytes < stride ? PageBytes : bytes;
        }

        int align = Math.Max(PageBytes, cache.Alignment);
        int start = (_top + align - 1) & -align;
        if (start + bytes > _size)
        {
            throw new RunFailedException(
                FindingKind.ModelError,
                $"the simulated memory of {_size} bytes is full: {cache.Name} wants {bytes} more");
        }

        _top = start + bytes;
        Taken?.Invoke(cache, _base + start, bytes);
        int count = bytes / stride;
        nint[] objects = new nint[count];
        for (int i = 0; i < count; i++)
        {
            int other = (int)_random.Next((uint)i + 1);
            objects[i] = objects[other];
            objects[other] = _base + start + (i * stride);
        }

        foreach (nint at in objects)
        {
            state.Free.Push(at);
        }

        _slabs.Add(new SlabRange(cache, _base + start, _base + start + (count * stride)));
    }

    private void Release()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            NativeMemory.AlignedFree((void*)_base);
        }
    }

    private sealed class CacheState
    {
        public Stack<nint> Free { get; } = new();
    }

    private readonly record struct SlabRange(SlabCache Cache, nint Start, nint End);
}

/// <summary>What lies at an address.</summary>
/// <param name="Name">The object.</param>
/// <param name="Type">Its handle type; null when that is not known.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Offset">How far into it.</param>
internal readonly record struct MemoryPlace(string Name, Type? Type, nint Start, int Offset);
