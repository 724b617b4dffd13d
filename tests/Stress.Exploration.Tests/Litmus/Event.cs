using Stress.Scenarios.Litmus;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>What an event is.</summary>
internal enum EventKind
{
    Read,
    Write,
    Order,
}

/// <summary>One event of one task of a candidate execution.</summary>
/// <param name="Thread">The task; -1 for what the cells hold at first.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Op">The step that made it.</param>
internal sealed record Event(int Thread, EventKind Kind, LitmusOp Op)
{
    /// <summary>The cell; the lock is one too.</summary>
    public string Place { get; init; } = "";

    public long Value { get; init; }

    /// <summary>The register that gets what it reads.</summary>
    public LitmusRegister Into { get; init; }

    /// <summary>Position among the events of its task.</summary>
    public int Index { get; init; }

    /// <summary>Position of the read that the address, the value, or the making of it depends on; -1 for none.
    /// </summary>
    public int AddressFrom { get; init; } = -1;

    public int ValueFrom { get; init; } = -1;

    /// <summary>Bits of the reads that a branch before it depends on.</summary>
    public uint BranchesOn { get; init; }

    /// <summary>Whether it is the write of an atomic operation whose read stands right before it.</summary>
    public bool IsUpdate { get; init; }

    public bool IsAccess => Kind != EventKind.Order;

    public bool IsRead => Kind == EventKind.Read;

    public bool IsWrite => Kind == EventKind.Write;

    /// <summary>The read that takes the lock.</summary>
    public bool TakesLock => Op == LitmusOp.SpinLock && IsRead;

    public bool IsAcquire => IsRead && Op is LitmusOp.LoadAcquire or LitmusOp.SpinLock;

    public bool IsRelease => IsWrite && Op is LitmusOp.StoreRelease or LitmusOp.SpinUnlock;
}
