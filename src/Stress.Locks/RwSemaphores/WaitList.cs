using Stress.Machine;

namespace Stress.Locks;

/// <summary>A doubly linked ring of waiters, or the links of one of them: <c>struct list_head</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by             read by
///      0      8  Next   holder of the lock's WaitLock, for both
///      8      8  Prev
/// </code>
/// An empty list is linked to itself. Protected by the wait lock, so every access is plain.
/// </remarks>
public readonly partial struct WaitList(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 16;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The first waiter, or the next one; the list itself at the end.</summary>
    public PlainPtr Next => new(at);

    /// <summary>The last waiter, or the one before; the list itself at the start.</summary>
    public PlainPtr Prev => new(at + 8);

    /// <summary>Makes an empty list.</summary>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Write(Next, at);
        cpu.Write(Prev, at);
    }

    /// <summary>The first waiter; 0 when the list is empty.</summary>
    public nint First<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint first = cpu.Read(Next);
        return first == at ? 0 : first;
    }

    /// <summary>Appends a waiter, whose links are at its start.</summary>
    /// <returns>Whether it is the first.</returns>
    public bool Append<TCpu>(TCpu cpu, nint waiter) where TCpu : struct, ICpu
    {
        var entry = new WaitList(waiter);
        nint last = cpu.Read(Prev);
        cpu.Write(entry.Next, at);
        cpu.Write(entry.Prev, last);
        cpu.Write(new WaitList(last).Next, waiter);
        cpu.Write(Prev, waiter);
        return last == at;
    }

    /// <summary>Takes a waiter out.</summary>
    /// <returns>Whether the list is empty now.</returns>
    public bool Remove<TCpu>(TCpu cpu, nint waiter) where TCpu : struct, ICpu
    {
        var entry = new WaitList(waiter);
        nint next = cpu.Read(entry.Next);
        nint previous = cpu.Read(entry.Prev);
        cpu.Write(new WaitList(previous).Next, next);
        cpu.Write(new WaitList(next).Prev, previous);
        return next == at && previous == at;
    }
}
