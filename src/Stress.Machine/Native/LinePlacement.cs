using System;

namespace Stress.Machine.Native;

/// <summary>Places for objects in a block of memory, each at a chosen distance from the start of a cache line.
/// </summary>
/// <param name="block">The block: aligned to a pair of lines.</param>
/// <param name="bytes">Its size.</param>
public sealed class LinePlacement(nint block, int bytes)
{
    /// <summary>Bytes of two lines that a prefetcher fetches together.</summary>
    public const int PairBytes = 128;

    private int _taken;

    /// <summary>Takes a place that shares no pair of lines with any other place.</summary>
    /// <param name="objectBytes">Size of the object.</param>
    /// <param name="offset">Where it begins, behind the start of a pair of lines: 0 to 127.</param>
    /// <exception cref="ArgumentOutOfRangeException">The object is empty, or the offset is outside of a pair.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">The block is full.</exception>
    public nint Take(int objectBytes, int offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(objectBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, PairBytes);
        int start = _taken + offset;
        int end = (start + objectBytes + PairBytes - 1) & -PairBytes;
        if (end > bytes)
        {
            throw new InsufficientMemoryException($"A block of {bytes} bytes has no room for {objectBytes} more.");
        }

        _taken = end;
        return block + start;
    }
}
