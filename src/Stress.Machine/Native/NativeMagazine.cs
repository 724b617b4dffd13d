using System;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>What one task has at hand of a slab cache: free objects, and freed ones in quarantine. No locks.</summary>
/// <remarks>
/// A freed object is poisoned and waits until as many others of the task have followed it; then its poison must be
/// whole. Type-safe objects are recycled at once, last freed first, with what they held: readers may still look.
/// </remarks>
internal sealed unsafe class NativeMagazine
{
    private const int Capacity = 128;
    private const int Batch = Capacity / 2;

    private readonly NativeSlab _slab;
    private readonly NativeTask _task;
    private readonly NativeArena _arena;
    private readonly SlabCache _cache;
    private readonly bool _isTypesafe;
    private readonly bool _isZeroed;
    private readonly nint[] _free = new nint[Capacity];
    private readonly nint[] _quarantine;
    private int _count;
    private int _oldest;
    private int _held;
    private long _allocated;
    private long _freed;

    public NativeMagazine(NativeSlab slab, NativeTask task, NativeArena arena, int quarantineObjects)
    {
        _slab = slab;
        _task = task;
        _arena = arena;
        _cache = slab.Cache;
        _isTypesafe = slab.IsTypesafe;
        _isZeroed = _cache.Options.HasFlag(SlabOptions.Zeroed);
        MayFail = !_cache.Options.HasFlag(SlabOptions.NoFail);
        _quarantine = _isTypesafe ? [] : new nint[quarantineObjects];
    }

    /// <summary>Whether failure injection applies.</summary>
    public bool MayFail { get; }

    public long Allocated => Volatile.Read(ref _allocated);

    public long Freed => Volatile.Read(ref _freed);

    public nint Alloc()
    {
        if (_count == 0)
        {
            _count = _slab.Take(_free.AsSpan(0, Batch));

            // Handed out from the end: the first of the batch goes first.
            _free.AsSpan(0, _count).Reverse();
        }

        nint at = _free[--_count];
        var bytes = new Span<byte>((void*)at, _cache.ObjectBytes);
        if (_isZeroed)
        {
            bytes.Clear();
        }
        else if (!_isTypesafe)
        {
            bytes.Fill(SlabCache.Fresh);
        }

        Shade(at, NativeArena.Head | NativeArena.Live, 0);
        Volatile.Write(ref _allocated, _allocated + 1);
        return at;
    }

    public void Free(nint at)
    {
        if (_arena.SlabAt(at) != _slab || (_arena.Shadow(at) & NativeArena.Head) == 0)
        {
            _task.Fail(FindingKind.DoubleFree, $"free of {_task.Machine.Describe(at)}, which is no {_cache.Name}");
        }

        byte untouchable = _isTypesafe ? (byte)0 : NativeArena.Untouchable;
        byte before = Interlocked.Exchange(ref _arena.Shadow(at), (byte)(NativeArena.Head | untouchable));
        if ((before & NativeArena.Live) == 0)
        {
            _task.Fail(FindingKind.DoubleFree, $"double free of {_cache.Name}");
        }

        Volatile.Write(ref _freed, _freed + 1);
        if (_isTypesafe)
        {
            Put(at);
            return;
        }

        Shade(at, NativeArena.Head | NativeArena.Untouchable, NativeArena.Untouchable);
        new Span<byte>((void*)at, _cache.Stride).Fill(SlabCache.Poison);
        Quarantine(at);
    }

    /// <summary>Looks at the objects in quarantine.</summary>
    /// <returns>The text of the first write after free, or null.</returns>
    public string? CheckQuarantine()
    {
        for (int i = 0; i < _held; i++)
        {
            if (FindWrite(_quarantine[(_oldest + i) % _quarantine.Length]) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private void Quarantine(nint at)
    {
        if (_quarantine.Length == 0)
        {
            Put(at);
            return;
        }

        if (_held < _quarantine.Length)
        {
            _quarantine[_held++] = at;
            return;
        }

        nint oldest = _quarantine[_oldest];
        _quarantine[_oldest] = at;
        _oldest = _oldest + 1 == _quarantine.Length ? 0 : _oldest + 1;
        if (FindWrite(oldest) is { } text)
        {
            _task.Fail(FindingKind.UseAfterFree, text);
        }

        Put(oldest);
    }

    private void Put(nint at)
    {
        if (_count == Capacity)
        {
            // The coldest go back.
            _slab.Return(_free.AsSpan(0, Batch));
            _free.AsSpan(Batch).CopyTo(_free);
            _count -= Batch;
        }

        _free[_count++] = at;
    }

    private string? FindWrite(nint at)
    {
        int offset = new ReadOnlySpan<byte>((void*)at, _cache.Stride).IndexOfAnyExcept(SlabCache.Poison);
        return offset < 0
            ? null
            : $"write after free of {_cache.Name}{HandleFields.SuffixAt(_cache.ObjectType, offset)}";
    }

    private void Shade(nint at, int head, byte body)
    {
        fixed (byte* shadow = &_arena.Shadow(at))
        {
            new Span<byte>(shadow + 1, (_cache.Stride >> 3) - 1).Fill(body);

            // Last: whoever frees it from now on finds it whole.
            Volatile.Write(ref *shadow, (byte)head);
        }
    }
}
