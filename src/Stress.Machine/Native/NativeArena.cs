using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>The unmanaged memory of one machine: handed out in pages, given back as a whole.</summary>
/// <remarks>
/// Beside each 8 bytes of memory lies one <em>shadow</em> byte that says what they are:
/// <code>
/// bit  set while
///   0  a live object starts here
///   1  the bytes must not be touched: a freed object, or slab memory that never was one
///   7  an object, live or free, starts here
/// </code>
/// The host gives memory to pages only when they are first touched, so a large arena costs what is used of it.
/// </remarks>
internal sealed unsafe class NativeArena : IDisposable
{
    public const int PageBytes = 4096;
    public const byte Live = 1;
    public const byte Untouchable = 2;
    public const byte Head = 0x80;

    private readonly Lock _lock = new();
    private readonly nint _base;
    private readonly nuint _bytes;
    private readonly byte* _shadow;
    private readonly NativeSlab?[] _slabOfPage;
    private nuint _used;
    private bool _disposed;

    public NativeArena(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, PageBytes);
        _bytes = (nuint)bytes & ~(nuint)(PageBytes - 1);
        _base = (nint)NativeMemory.AlignedAlloc(_bytes, PageBytes);
        _shadow = (byte*)NativeMemory.AllocZeroed(_bytes >> 3);
        _slabOfPage = new NativeSlab?[_bytes / PageBytes];
    }

    ~NativeArena() => Release();

    /// <summary>Takes zeroed pages.</summary>
    /// <param name="bytes">Rounded up to pages.</param>
    /// <param name="what">What they are for, in the text of the exception.</param>
    /// <exception cref="InsufficientMemoryException">Too few are left.</exception>
    public nint TakePages(long bytes, string what)
    {
        nuint size = ((nuint)bytes + PageBytes - 1) & ~(nuint)(PageBytes - 1);
        nint at;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (size > _bytes - _used)
            {
                throw new InsufficientMemoryException(
                    $"The arena of {_bytes >> 10} KiB is full: {size >> 10} KiB more were asked for {what}. "
                    + "Give the machine a larger arena, or look for objects that are never freed.");
            }

            at = _base + (nint)_used;
            _used += size;
        }

        NativeMemory.Clear((void*)at, size);
        return at;
    }

    /// <summary>Takes pages for objects: none of their bytes may be touched yet.</summary>
    public nint TakeSlabPages(int bytes, NativeSlab slab)
    {
        nint at = TakePages(bytes, $"a slab of {slab.Cache.Name}");
        for (int offset = 0; offset < bytes; offset += PageBytes)
        {
            _slabOfPage[(at + offset - _base) / PageBytes] = slab;
        }

        new Span<byte>(_shadow + ((at - _base) >> 3), bytes >> 3).Fill(Untouchable);
        return at;
    }

    /// <summary>Whether an access to the address is legal: inside the arena, and in no freed object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsTouchable(nint at)
    {
        nuint offset = (nuint)(at - _base);
        return offset < _bytes && (_shadow[offset >> 3] & Untouchable) == 0;
    }

    /// <summary>The slab cache that the address belongs to, or null.</summary>
    public NativeSlab? SlabAt(nint at)
    {
        nuint offset = (nuint)(at - _base);
        return offset < _bytes ? _slabOfPage[offset / PageBytes] : null;
    }

    /// <summary>The shadow byte of an address inside the arena.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte Shadow(nint at) => ref _shadow[(nuint)(at - _base) >> 3];

    /// <summary>Start of the object, live or freed, that an address of a slab lies in; 0 when there never was one.
    /// </summary>
    public nint ObjectAt(nint at, int stride)
    {
        nint candidate = at & ~(nint)7;
        nint last = Math.Max(_base, candidate - stride + 8);
        for (; candidate >= last; candidate -= 8)
        {
            if ((Shadow(candidate) & Head) != 0)
            {
                return candidate;
            }
        }

        return 0;
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _disposed = true;
                NativeMemory.AlignedFree((void*)_base);
                NativeMemory.Free(_shadow);
            }
        }
    }
}
