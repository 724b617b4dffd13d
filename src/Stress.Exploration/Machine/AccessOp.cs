namespace Stress.Exploration;

/// <summary>What an access does. The order that was asked for is part of it.</summary>
/// <remarks>Numbers are part of the execution hash: append only.</remarks>
public enum AccessOp : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A plain read.</summary>
    Read = 1,

    /// <summary>A plain write.</summary>
    Write = 2,

    /// <summary>A relaxed load.</summary>
    ReadOnce = 3,

    /// <summary>A relaxed store.</summary>
    WriteOnce = 4,

    /// <summary>A load with acquire.</summary>
    LoadAcquire = 5,

    /// <summary>A store with release.</summary>
    StoreRelease = 6,

    /// <summary>A load that orders what depends on it.</summary>
    Dereference = 7,

    /// <summary>An add, fully ordered.</summary>
    FetchAdd = 8,

    /// <summary>An add, relaxed.</summary>
    FetchAddRelaxed = 9,

    /// <summary>An add with acquire.</summary>
    FetchAddAcquire = 10,

    /// <summary>An add with release.</summary>
    FetchAddRelease = 11,

    /// <summary>An or, fully ordered.</summary>
    FetchOr = 12,

    /// <summary>An or with acquire.</summary>
    FetchOrAcquire = 13,

    /// <summary>An or, relaxed.</summary>
    FetchOrRelaxed = 14,

    /// <summary>An and, relaxed.</summary>
    FetchAndRelaxed = 15,

    /// <summary>An exchange, fully ordered.</summary>
    Exchange = 16,

    /// <summary>An exchange, relaxed.</summary>
    ExchangeRelaxed = 17,

    /// <summary>A compare and exchange, fully ordered.</summary>
    CompareExchange = 18,

    /// <summary>A compare and exchange, relaxed.</summary>
    CompareExchangeRelaxed = 19,

    /// <summary>A compare and exchange with acquire.</summary>
    CompareExchangeAcquire = 20,

    /// <summary>A compare and exchange with release.</summary>
    CompareExchangeRelease = 21,

    /// <summary>A full fence.</summary>
    FullFence = 22,

    /// <summary>A read fence.</summary>
    ReadFence = 23,

    /// <summary>A write fence.</summary>
    WriteFence = 24,

    /// <summary>A full fence on every CPU.</summary>
    FenceEveryCpu = 25,

    /// <summary>Waits while a cell holds a value.</summary>
    WaitWhile = 26,

    /// <summary>Waits while bits are set.</summary>
    WaitForClear = 27,

    /// <summary>Waits while bits are set, then adds.</summary>
    AddWhenClear = 28,

    /// <summary>An idle worker's wait.</summary>
    WaitForWork = 29,

    /// <summary>Announces a sleep.</summary>
    PrepareToPark = 30,

    /// <summary>Sleeps.</summary>
    Park = 31,

    /// <summary>Takes the announcement back.</summary>
    CancelPark = 32,

    /// <summary>Wakes a task.</summary>
    Unpark = 33,

    /// <summary>Preemption off.</summary>
    PreemptDisable = 34,

    /// <summary>Preemption on.</summary>
    PreemptEnable = 35,

    /// <summary>Takes an object.</summary>
    Alloc = 36,

    /// <summary>Gives an object back.</summary>
    Free = 37,

    /// <summary>Draws a number.</summary>
    Choose = 38,

    /// <summary>An operation begins. No access.</summary>
    Enter = 39,

    /// <summary>An operation ends. No access.</summary>
    Leave = 40,

    /// <summary>A lock is wanted. No access.</summary>
    LockContended = 41,

    /// <summary>A lock is held. No access.</summary>
    LockAcquired = 42,

    /// <summary>A lock is given up. No access.</summary>
    LockReleased = 43,

    /// <summary>A condition that fails the run held.</summary>
    Failed = 44,

    /// <summary>The tasks have ended; the scenario judges the state, or gives it back. No access.</summary>
    RunsAlone = 45,

    /// <summary>Asks whether the CPU is wanted. No access.</summary>
    NeedsResched = 46,

    /// <summary>Asks whether a deadline has passed. No access.</summary>
    HasPassed = 47,
}
