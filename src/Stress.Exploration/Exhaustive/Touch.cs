using System.Runtime.InteropServices;

namespace Stress.Exploration;

/// <summary>What a step does to a place.</summary>
internal enum TouchKind : byte
{
    /// <summary>Reads it.</summary>
    Read,

    /// <summary>Writes it, or reads and writes it.</summary>
    Write,

    /// <summary>Reads one store to it, whatever others there are: weak memory.</summary>
    WeakRead,
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

    /// <summary>Whether it writes only when it reads <see cref="Operand"/>.</summary>
    public bool IsConditional;

    /// <summary>The bytes that are waited for, where they are fewer than <see cref="Bytes"/>; otherwise 0.</summary>
    public byte WaitBytes;

    /// <summary>Operand of the wait or of the condition.</summary>
    public ulong Operand;

    /// <summary>The eight bytes before the step.</summary>
    public ulong Before;

    /// <summary>Weak memory: names the store that is made, or that is only read; 0 for what was there first.</summary>
    public int Key;

    /// <summary>Weak memory: names the store that is read; 0 for what was there first.</summary>
    public int ReadKey;

    /// <summary>The eight bytes after the step, as whoever reads this store sees them: weak memory.</summary>
    public ulong After;

    /// <summary>The step that touched the place before; -1 when none did. Kept by <see cref="StepLog"/>.</summary>
    public int Earlier;

    /// <summary>Whether the order of the two can be told.</summary>
    public readonly bool ConflictsWith(in Touch other)
        => Place == other.Place && (Bytes & other.Bytes) != 0 && Kinds(Kind, other.Kind) switch
        {
            (TouchKind.Read, TouchKind.Write) or (TouchKind.Write, TouchKind.Write) => true,

            // Any other store may come before or after: the read sees it all the same, or does not.
            (TouchKind.Write, TouchKind.WeakRead) => Key == other.Key,
            _ => false,
        };

    private static (TouchKind Less, TouchKind More) Kinds(TouchKind a, TouchKind b) => a <= b ? (a, b) : (b, a);

    /// <summary>Whether the wait would have been over with the given eight bytes.</summary>
    public readonly bool IsOverWith(ulong word)
        => Wait == AccessOp.None || Touches.IsOver(Wait, Value(word), Operand);

    /// <summary>Makes it what it would be with the given eight bytes.</summary>
    public void Revise(ulong word)
        => Kind = !IsConditional ? Kind : Value(word) == Operand ? TouchKind.Write : TouchKind.Read;

    private readonly ulong Value(ulong word)
    {
        int waited = WaitBytes == 0 ? Bytes : WaitBytes;
        int shift = 8 * int.TrailingZeroCount(waited);
        int bits = 8 * int.PopCount(waited);
        return bits == 64 ? word : (word >> shift) & ((1ul << bits) - 1);
    }
}
