using Stress.Machine;

namespace OwnLocks;

/// <summary>How a ticket lock is taken and released: its correct version, or one with a mistake.</summary>
public interface ITicketRule
{
    /// <summary>Whether a ticket is drawn by one operation.</summary>
    static abstract bool DrawsAtOnce { get; }

    /// <summary>Whether what was done under the lock is ordered before its release.</summary>
    static abstract bool ReleasesInOrder { get; }
}

/// <summary>The correct version.</summary>
public readonly struct CorrectTicketLock : ITicketRule
{
    /// <inheritdoc/>
    public static bool DrawsAtOnce => true;

    /// <inheritdoc/>
    public static bool ReleasesInOrder => true;
}

/// <summary>Mistake: the next ticket is read, and written in a second step.</summary>
public readonly struct DrawsInTwoSteps : ITicketRule
{
    /// <inheritdoc/>
    public static bool DrawsAtOnce => false;

    /// <inheritdoc/>
    public static bool ReleasesInOrder => true;
}

/// <summary>Mistake: the lock is given on by a relaxed store.</summary>
public readonly struct ReleasesRelaxed : ITicketRule
{
    /// <inheritdoc/>
    public static bool DrawsAtOnce => true;

    /// <inheritdoc/>
    public static bool ReleasesInOrder => false;
}

/// <summary>Fair lock of two counters: whoever comes draws the next ticket, and waits until it is served.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field    meaning                       written by
///      0      4  Next     the ticket that is drawn next  whoever comes
///      4      4  Serving  the ticket that holds the lock the holder, to release
/// </code>
/// Source: Mellor-Crummey and Scott, Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors, 1991.
/// </remarks>
/// <typeparam name="TRule">Its version.</typeparam>
/// <param name="at">Address of the first counter.</param>
/// <param name="lockClass">The lock's name in stories, and its node in the lock order.</param>
public readonly partial struct TicketLock<TRule>(nint at, LockClass lockClass) : IHandle
    where TRule : struct, ITicketRule
{
    /// <inheritdoc/>
    public static int Bytes => 8;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The ticket that is drawn next.</summary>
    public AtomicU32 Next => new(at);

    /// <summary>The ticket that holds the lock, or that may take it when nobody does.</summary>
    public AtomicU32 Serving => new(at + 4);

    /// <summary>Takes the lock; waits for it in the order of the tickets.</summary>
    public void Acquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        uint ticket = Draw(cpu);
        uint serving = cpu.LoadAcquire(Serving);
        if (serving != ticket)
        {
            cpu.LockContended(at, lockClass, 0, LockMode.Exclusive);
        }

        while (serving != ticket)
        {
            cpu.WaitWhile(Serving, serving);
            serving = cpu.LoadAcquire(Serving);
        }

        cpu.LockAcquired(at, lockClass, 0, LockMode.Exclusive);
    }

    /// <summary>Gives the lock to the next ticket. Context: the caller holds it.</summary>
    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.LockReleased(at);
        uint next = cpu.ReadOnce(Serving) + 1;
        if (TRule.ReleasesInOrder)
        {
            cpu.StoreRelease(Serving, next);
        }
        else
        {
            cpu.WriteOnce(Serving, next);
        }
    }

    private uint Draw<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TRule.DrawsAtOnce)
        {
            return cpu.FetchAddRelaxed(Next, 1u);
        }

        uint ticket = cpu.ReadOnce(Next);
        cpu.WriteOnce(Next, ticket + 1);
        return ticket;
    }
}
