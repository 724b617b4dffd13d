using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Stress.Machine;

/// <summary>Sees the acquisitions of one thread, and tells which of them say something new about the order of locks.
/// </summary>
/// <remarks>What is known costs a look at one bit for each lock held, and allocates nothing.</remarks>
public sealed class LockOrderWatch
{
    private const int Subclasses = 8;
    private const int FirstCapacity = 16;

    // Bits of what is known of a lock in a mode, whatever else is held.
    private const byte Writer = 1;
    private const byte Interrupt = 2;
    private const byte Open = 4;

    // By class and subclass: a number from 1, doubled; the mode is the low bit.
    private int[] _numbers = [];
    private int _count = 1;
    private int _capacity = FirstCapacity;
    private byte[] _uses = new byte[2 * FirstCapacity];
    private ulong[] _edges = new ulong[4 * FirstCapacity * FirstCapacity / 64];

    /// <summary>Whether an acquisition says nothing new.</summary>
    /// <param name="held">What the task holds, without the new lock.</param>
    /// <param name="taken">The new lock.</param>
    /// <param name="isTry">Whether it was only tried.</param>
    /// <param name="context">Where the task is.</param>
    public bool Knows(ReadOnlySpan<HeldLock> held, in HeldLock taken, bool isTry, LockContext context)
    {
        int to = NumberOf(taken);
        if (to < 0 || (UsesOf(taken.Mode, isTry, context) & ~_uses[to]) != 0)
        {
            return false;
        }

        if (!isTry)
        {
            foreach (ref readonly HeldLock before in held)
            {
                int from = NumberOf(before);
                if (from < 0 || !Has(from, to))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether it is known that the locks held are held where an interrupt may come.</summary>
    public bool KnowsOpen(ReadOnlySpan<HeldLock> held)
    {
        foreach (ref readonly HeldLock lockHeld in held)
        {
            int number = NumberOf(lockHeld);
            if (number < 0 || (_uses[number] & Open) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>All facts of an acquisition of which some may be new; from now on they are known.</summary>
    /// <param name="held">What the task holds, without the new lock.</param>
    /// <param name="taken">The new lock.</param>
    /// <param name="isTry">Whether it was only tried.</param>
    /// <param name="context">Where the task is.</param>
    /// <param name="task">Name of the task.</param>
    /// <param name="operation">The operation that it is in.</param>
    public IReadOnlyList<LockOrderFact> Learn(
        ReadOnlySpan<HeldLock> held, in HeldLock taken, bool isTry, LockContext context, string task, string operation)
    {
        LockUse[] holding = UsesOf(held);
        LockUse use = UseOf(taken);
        List<LockOrderFact> facts = [];
        int to = NumberFor(taken);
        byte uses = UsesOf(taken.Mode, isTry, context);
        _uses[to] |= uses;
        AddIf(uses & Writer, LockOrderKind.WaitingWriter);
        AddIf(uses & Interrupt, LockOrderKind.InInterrupt);
        AddIf(uses & Open, LockOrderKind.InterruptsOn);
        for (int i = 0; i < held.Length && !isTry; i++)
        {
            facts.Add(new LockOrderFact(LockOrderKind.Order, holding[i], use, task, operation, holding));
            int from = NumberFor(held[i]);
            Set(from, NumberFor(taken));
        }

        return facts;

        void AddIf(int isSeen, LockOrderKind kind)
        {
            if (isSeen != 0)
            {
                facts.Add(new LockOrderFact(kind, null, use, task, operation, holding));
            }
        }
    }

    /// <summary>The facts of locks that are still held when interrupts are let in again.</summary>
    /// <param name="held">What the task holds.</param>
    /// <param name="task">Name of the task.</param>
    /// <param name="operation">The operation that it is in.</param>
    public IReadOnlyList<LockOrderFact> LearnOpen(ReadOnlySpan<HeldLock> held, string task, string operation)
    {
        LockUse[] holding = UsesOf(held);
        List<LockOrderFact> facts = [];
        foreach (ref readonly HeldLock open in held)
        {
            _uses[NumberFor(open)] |= Open;
            facts.Add(new LockOrderFact(LockOrderKind.InterruptsOn, null, UseOf(open), task, operation, holding));
        }

        return facts;
    }

    /// <summary>Knows nothing any more.</summary>
    public void Forget()
    {
        Array.Clear(_uses);
        Array.Clear(_edges);
    }

    private static byte UsesOf(LockMode mode, bool isTry, LockContext context)
        => (byte)((mode == LockMode.Exclusive && !isTry ? Writer : 0)
            | (context == LockContext.Interrupt && !isTry ? Interrupt : 0)
            | (context == LockContext.InterruptsOn ? Open : 0));

    private static LockUse UseOf(in HeldLock taken) => new(taken.Class!.Name, taken.Subclass, taken.Mode);

    private static LockUse[] UsesOf(ReadOnlySpan<HeldLock> held)
    {
        var uses = new LockUse[held.Length];
        for (int i = 0; i < uses.Length; i++)
        {
            uses[i] = UseOf(held[i]);
        }

        return uses;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NumberOf(in HeldLock taken)
    {
        int index = (taken.Class!.Index * Subclasses) + taken.Subclass;
        int number = (uint)index < (uint)_numbers.Length ? _numbers[index] : 0;
        return number == 0 ? -1 : number | (int)taken.Mode;
    }

    private int NumberFor(in HeldLock taken)
    {
        int number = NumberOf(taken);
        if (number >= 0)
        {
            return number;
        }

        int index = (taken.Class!.Index * Subclasses) + taken.Subclass;
        if (index >= _numbers.Length)
        {
            Array.Resize(ref _numbers, (taken.Class.Index + 1) * Subclasses);
        }

        if (_count == _capacity)
        {
            // What was known is learned again, and found to be nothing new.
            _capacity *= 2;
            _uses = new byte[2 * _capacity];
            _edges = new ulong[4 * _capacity * _capacity / 64];
        }

        _numbers[index] = 2 * _count++;
        return _numbers[index] | (int)taken.Mode;
    }

    private bool Has(int from, int to)
    {
        int bit = (from * 2 * _capacity) + to;
        return (_edges[bit / 64] & (1ul << (bit % 64))) != 0;
    }

    private void Set(int from, int to)
    {
        int bit = (from * 2 * _capacity) + to;
        _edges[bit / 64] |= 1ul << (bit % 64);
    }
}

/// <summary>Where a task takes a lock.</summary>
public enum LockContext
{
    /// <summary>Where an interrupt may come.</summary>
    InterruptsOn,

    /// <summary>With interrupts off.</summary>
    InterruptsOff,

    /// <summary>In an interrupt.</summary>
    Interrupt,
}
