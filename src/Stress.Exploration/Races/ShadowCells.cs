using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stress.Exploration;

/// <summary>The last accesses to a stretch of at most 8 bytes, by the epochs of the tasks that made them.</summary>
/// <remarks>One plain write is enough: had two not been in order, that would have been the finding.</remarks>
internal struct ShadowCell
{
    public Vector256<ushort> PlainReads;
    public Vector256<ushort> MarkedReads;
    public Vector256<ushort> MarkedWrites;
    public uint Run;
    public int Slot;
    public ushort WriteEpoch;

    /// <summary>Bits of the tasks that made, or saw by a marked read, the last marked write.</summary>
    public ushort Seen;
    public byte WriteTask;
    public byte Size;

    /// <summary>Who accessed it last, if that was plain: in which epoch, and as what. The same again says nothing new.
    /// </summary>
    public byte LastTask;
    public AccessOrder LastKinds;
    public ushort LastEpoch;
}

/// <summary>The shadow of an arena: stretches of bytes that were always accessed together, each with its history.
/// </summary>
/// <remarks>
/// A stretch is made at the first access, and cut where an access covers only part of it; both halves then have its
/// history. Stretches stay from run to run, their histories do not: a stamp tells whether one is of this run.
/// </remarks>
internal sealed unsafe class ShadowCells : IDisposable
{
    private const int MaxSize = 8;

    private readonly HappensBefore _order;
    private readonly uint* _indices;
    private readonly int _bytes;
    private ShadowCell* _cells;
    private int _capacity = 256;
    private int _count = 1;
    private uint _run;
    private bool _isDisposed;

    public ShadowCells(HappensBefore order, int bytes)
    {
        _order = order;
        _bytes = bytes;
        _indices = (uint*)NativeMemory.AllocZeroed((nuint)bytes, sizeof(uint));
        _cells = (ShadowCell*)NativeMemory.AlignedAlloc((nuint)(_capacity * sizeof(ShadowCell)), 64);
    }

    ~ShadowCells() => Free();

    public void Begin() => _run++;

    /// <summary>The stretch that begins at an offset; there is one behind <see cref="Cut"/>.</summary>
    /// <remarks>The reference is good until the next <see cref="Cut"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ShadowCell At(int offset)
    {
        ref ShadowCell cell = ref _cells[_indices[offset]];
        if (cell.Run != _run)
        {
            Refresh(ref cell);
        }

        return ref cell;
    }

    /// <summary>Whether a stretch of that size begins at an offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAt(int offset, int size)
    {
        uint index = _indices[offset];
        return index != 0 && _cells[index].Size == size;
    }

    /// <summary>Makes stretches so that they cover a range, and none goes beyond it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Cut(int offset, int size)
    {
        uint index = _indices[offset];
        if (index == 0 || _cells[index].Size != size)
        {
            CutSlow(offset, size);
        }
    }

    /// <summary>The next stretch with a history in this run, from an offset up and below an end, or -1.</summary>
    public int NextUsed(int offset, int end)
    {
        while (offset < end)
        {
            uint index = _indices[offset];
            if (index == 0)
            {
                // Whole words that nobody ever touched are left out at once.
                offset += offset + MaxSize <= end && Vector256.Load(_indices + offset) == Vector256<uint>.Zero
                    ? MaxSize : 1;
                continue;
            }

            if (_cells[index].Run == _run)
            {
                return offset;
            }

            offset += _cells[index].Size;
        }

        return -1;
    }

    /// <summary>Forgets the history of a range: a new object lives there.</summary>
    public void Forget(int offset, int size)
    {
        for (int at = NextUsed(offset, offset + size); at >= 0; at = NextUsed(at + 1, offset + size))
        {
            Refresh(ref At(at));
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void CutSlow(int offset, int size)
    {
        int end = offset + size;
        for (int start = Math.Max(0, offset - MaxSize + 1); start < Math.Min(end, _bytes); start++)
        {
            if (_indices[start] != 0)
            {
                CutAt(start, offset);
                CutAt(start, end);
            }
        }

        int at = offset;
        while (at < end)
        {
            if (_indices[at] == 0)
            {
                int gap = at + 1;
                while (gap < end && _indices[gap] == 0)
                {
                    gap++;
                }

                _indices[at] = Add(gap - at);
            }

            at += _cells[_indices[at]].Size;
        }
    }

    private void CutAt(int start, int border)
    {
        int size = _cells[_indices[start]].Size;
        if (start >= border || start + size <= border)
        {
            return;
        }

        uint right = Add(start + size - border);
        ref ShadowCell left = ref _cells[_indices[start]];
        ref ShadowCell added = ref _cells[right];
        int slot = added.Slot;
        added = left;
        added.Slot = slot;
        added.Size = (byte)(start + size - border);
        left.Size = (byte)(border - start);
        _indices[border] = right;
        _order.Copy(left.Slot, slot);
    }

    private uint Add(int size)
    {
        if (_count == _capacity)
        {
            _capacity *= 2;
            _cells = (ShadowCell*)NativeMemory.AlignedRealloc(
                _cells, (nuint)((long)_capacity * sizeof(ShadowCell)), 64);
        }

        _cells[_count] = new ShadowCell { Size = (byte)size, Slot = _order.NewSlot() };
        return (uint)_count++;
    }

    private void Refresh(ref ShadowCell cell)
    {
        cell.PlainReads = default;
        cell.MarkedReads = default;
        cell.MarkedWrites = default;
        cell.WriteEpoch = 0;
        cell.Seen = 0;
        cell.WriteTask = 0;
        cell.LastKinds = 0;
        cell.Run = _run;
        _order.Empty(cell.Slot);
    }

    private void Free()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            NativeMemory.Free(_indices);
            NativeMemory.AlignedFree(_cells);
        }
    }
}
