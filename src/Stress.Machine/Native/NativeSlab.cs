using System;
using System.Collections.Generic;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>The objects of one <see cref="SlabCache"/> on one machine.</summary>
/// <remarks>
/// Slabs are runs of pages in which objects lie at the cache's stride from the first byte on: without alignment they
/// roam over the cache lines, as in the kernel. Tasks take and return them in batches, through their magazines.
/// </remarks>
internal sealed class NativeSlab
{
    private const int MinObjects = 8;

    private readonly Lock _lock = new();
    private readonly Stack<nint> _free = new();
    private readonly List<NativeMagazine> _magazines = [];
    private readonly NativeArena _arena;
    private readonly int _slabBytes;
    private long _highWater;

    public NativeSlab(SlabCache cache, NativeArena arena)
    {
        Cache = cache;
        _arena = arena;
        int pages = ((cache.Stride * MinObjects) + NativeArena.PageBytes - 1) / NativeArena.PageBytes;
        _slabBytes = pages * NativeArena.PageBytes;
    }

    public SlabCache Cache { get; }

    public bool IsTypesafe => Cache.Options.HasFlag(SlabOptions.TypesafeByRcu);

    /// <summary>The magazine of one more task.</summary>
    public NativeMagazine NewMagazine(NativeTask task, int quarantineObjects)
    {
        var magazine = new NativeMagazine(this, task, _arena, quarantineObjects);
        lock (_lock)
        {
            _magazines.Add(magazine);
        }

        return magazine;
    }

    /// <summary>Fills a batch with free objects, from a new slab when there are none.</summary>
    /// <returns>How many; at least 1.</returns>
    public int Take(Span<nint> batch)
    {
        lock (_lock)
        {
            if (_free.Count == 0)
            {
                Carve();
            }

            int count = Math.Min(batch.Length, _free.Count);
            for (int i = 0; i < count; i++)
            {
                batch[i] = _free.Pop();
            }

            NoteHighWater();
            return count;
        }
    }

    /// <summary>Takes free objects back.</summary>
    public void Return(ReadOnlySpan<nint> batch)
    {
        lock (_lock)
        {
            foreach (nint at in batch)
            {
                _free.Push(at);
            }
        }
    }

    /// <summary>What was allocated and is still there. Exact while no task allocates or frees.</summary>
    public HammerCache Count()
    {
        lock (_lock)
        {
            NoteHighWater();
            (long allocated, long freed) = Totals();
            return new HammerCache(Cache.Name, allocated, allocated - freed, _highWater);
        }
    }

    /// <summary>Looks at all objects in quarantine; no task may be running.</summary>
    /// <returns>The text of the first write after free, or null.</returns>
    public string? CheckQuarantines()
    {
        lock (_lock)
        {
            foreach (NativeMagazine magazine in _magazines)
            {
                if (magazine.CheckQuarantine() is { } text)
                {
                    return text;
                }
            }
        }

        return null;
    }

    private unsafe void Carve()
    {
        nint start = _arena.TakeSlabPages(_slabBytes, this);
        int objects = _slabBytes / Cache.Stride;

        // Backwards, so that the stack hands them out in the order of their addresses.
        for (int i = objects - 1; i >= 0; i--)
        {
            _free.Push(start + ((nint)i * Cache.Stride));
        }

        if (IsTypesafe && !Cache.Options.HasFlag(SlabOptions.Zeroed))
        {
            // What readers may still look at is not filled again when it is recycled.
            new Span<byte>((void*)start, _slabBytes).Fill(SlabCache.Fresh);
        }
    }

    private void NoteHighWater()
    {
        (long allocated, long freed) = Totals();
        _highWater = Math.Max(_highWater, allocated - freed);
    }

    private (long Allocated, long Freed) Totals()
    {
        long allocated = 0;
        long freed = 0;
        foreach (NativeMagazine magazine in _magazines)
        {
            allocated += magazine.Allocated;
            freed += magazine.Freed;
        }

        return (allocated, freed);
    }
}
