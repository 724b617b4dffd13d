using System.Runtime.InteropServices;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>What a step does to a place.</summary>
internal enum TouchKind : byte
{
    /// <summary>Reads it.</summary>
    Read,

    /// <summary>Writes it, or reads and writes it.</summary>
    Write,
}

/// <summary>One place that a step reads or writes: what makes two steps depend on each other.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Touch
{
    /// <summary>Eight bytes of memory by their number, or one of the places beyond memory of <see cref="Touches"/>.
    /// </summary>
    public int Place;

    /// <summary>The bytes of the place: a bit each.</summary>
    public byte Bytes;

    public TouchKind Kind;

    /// <summary>What the step waited for; <see cref="AccessOp.None"/> when it could not have to wait.</summary>
    public AccessOp Wait;

    /// <summary>Operand of the wait.</summary>
    public ulong Operand;

    /// <summary>The eight bytes before the step.</summary>
    public ulong Before;

    /// <summary>The step that touched the place before; -1 when none did. Kept by <see cref="StepLog"/>.</summary>
    public int Earlier;

    /// <summary>Whether the order of the two can be told.</summary>
    public readonly bool ConflictsWith(in Touch other)
        => Place == other.Place && (Bytes & other.Bytes) != 0 && (Kind | other.Kind) == TouchKind.Write;

    /// <summary>Whether the wait would have been over with the given eight bytes.</summary>
    public readonly bool IsOverWith(ulong word)
    {
        ulong value = Value(word);
        return Wait switch
        {
            AccessOp.WaitWhile or AccessOp.WaitForWork => value != Operand,
            AccessOp.WaitForClear or AccessOp.AddWhenClear => (value & Operand) == 0,
            AccessOp.Park => value != TaskStruct.Uninterruptible,
            _ => true,
        };
    }

    private readonly ulong Value(ulong word)
    {
        int shift = 8 * int.TrailingZeroCount(Bytes);
        int bits = 8 * int.PopCount(Bytes);
        return bits == 64 ? word : (word >> shift) & ((1ul << bits) - 1);
    }
}
