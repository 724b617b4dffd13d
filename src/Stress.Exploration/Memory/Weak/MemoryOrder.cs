namespace Stress.Exploration;

/// <summary>What an access asks for, by its operation.</summary>
internal static class MemoryOrder
{
    /// <summary>Whether what the load sees is ordered before all that comes after it.</summary>
    public static bool IsAcquire(AccessOp op) => op is AccessOp.LoadAcquire or AccessOp.FetchAddAcquire
        or AccessOp.FetchOrAcquire or AccessOp.CompareExchangeAcquire or AccessOp.AddWhenClear;

    /// <summary>Whether all that came before is ordered before the store.</summary>
    public static bool IsRelease(AccessOp op)
        => op is AccessOp.StoreRelease or AccessOp.FetchAddRelease or AccessOp.CompareExchangeRelease;

    /// <summary>Whether a full barrier stands before and behind the access, if it writes.</summary>
    public static bool IsFull(AccessOp op) => op is AccessOp.FetchAdd or AccessOp.FetchOr or AccessOp.Exchange
        or AccessOp.CompareExchange or AccessOp.Unpark or AccessOp.PrepareToPark;

    /// <summary>Whether the access only reads.</summary>
    public static bool IsLoad(AccessOp op) => op is AccessOp.Read or AccessOp.ReadOnce or AccessOp.LoadAcquire
        or AccessOp.Dereference or AccessOp.WaitWhile or AccessOp.WaitForClear or AccessOp.WaitForWork
        or AccessOp.Park;

    /// <summary>Whether the access only writes.</summary>
    public static bool IsStore(AccessOp op)
        => op is AccessOp.Write or AccessOp.WriteOnce or AccessOp.StoreRelease or AccessOp.CancelPark;

    /// <summary>Whether the access waits.</summary>
    public static bool IsWait(AccessOp op) => op is AccessOp.WaitWhile or AccessOp.WaitForClear
        or AccessOp.WaitForWork or AccessOp.AddWhenClear or AccessOp.Park;
}
