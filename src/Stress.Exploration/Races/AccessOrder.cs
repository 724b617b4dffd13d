using System;

namespace Stress.Exploration;

/// <summary>What an access is to the order of memory.</summary>
[Flags]
internal enum AccessOrder : byte
{
    /// <summary>It touches no cell.</summary>
    None = 0,

    /// <summary>It reads.</summary>
    Read = 1,

    /// <summary>It writes.</summary>
    Write = 2,

    /// <summary>It is marked: atomic, and not to be torn or repeated by a compiler.</summary>
    Marked = 4,

    /// <summary>What it reads from is ordered before all that follows.</summary>
    Acquire = 8,

    /// <summary>All that comes before is ordered before what it writes.</summary>
    Release = 16,

    /// <summary>A full fence on both of its sides.</summary>
    Full = 32,

    /// <summary>A full fence behind it.</summary>
    FenceAfter = 64,
}

/// <summary>The order of each operation.</summary>
internal static class AccessOrders
{
    private const AccessOrder Load = AccessOrder.Read | AccessOrder.Marked;
    private const AccessOrder Store = AccessOrder.Write | AccessOrder.Marked;
    private const AccessOrder Update = Load | Store;

    private static readonly AccessOrder[] s_orders = MakeAll();

    /// <summary>The order of an access: a comparison that fails is a relaxed load.</summary>
    public static AccessOrder Of(AccessOp op, ulong expected, ulong before)
    {
        AccessOrder order = s_orders[(int)op];
        return op is >= AccessOp.CompareExchange and <= AccessOp.CompareExchangeRelease && before != expected
            ? Load : order;
    }

    private static AccessOrder[] MakeAll()
    {
        AccessOp[] ops = Enum.GetValues<AccessOp>();
        var orders = new AccessOrder[(int)ops[^1] + 1];
        foreach (AccessOp op in ops)
        {
            orders[(int)op] = Make(op);
        }

        return orders;
    }

    private static AccessOrder Make(AccessOp op) => op switch
    {
        AccessOp.Read => AccessOrder.Read,
        AccessOp.Write => AccessOrder.Write,
        AccessOp.ReadOnce or AccessOp.Dereference => Load,
        AccessOp.WaitWhile or AccessOp.WaitForClear or AccessOp.WaitForWork => Load,
        AccessOp.LoadAcquire => Load | AccessOrder.Acquire,
        AccessOp.WriteOnce or AccessOp.CancelPark => Store,
        AccessOp.StoreRelease => Store | AccessOrder.Release,
        AccessOp.FetchAddRelaxed or AccessOp.FetchOrRelaxed or AccessOp.FetchAndRelaxed => Update,
        AccessOp.ExchangeRelaxed or AccessOp.CompareExchangeRelaxed => Update,
        AccessOp.FetchAddAcquire or AccessOp.FetchOrAcquire => Update | AccessOrder.Acquire,
        AccessOp.CompareExchangeAcquire or AccessOp.AddWhenClear => Update | AccessOrder.Acquire,
        AccessOp.FetchAddRelease or AccessOp.CompareExchangeRelease => Update | AccessOrder.Release,
        AccessOp.FetchAdd or AccessOp.FetchOr or AccessOp.Exchange => Update | AccessOrder.Full,
        AccessOp.CompareExchange or AccessOp.Unpark => Update | AccessOrder.Full,

        // set_current_state: the note, then a full barrier. schedule: what the waker did is seen behind it.
        AccessOp.PrepareToPark => Store | AccessOrder.FenceAfter,
        AccessOp.Park => Load | AccessOrder.Acquire | AccessOrder.FenceAfter,
        _ => AccessOrder.None,
    };
}
