namespace Stress.Exploration;

/// <summary>Says in words what an event was.</summary>
internal static class EventText
{
    /// <summary>The words.</summary>
    public static string Of(TraceEvent told)
    {
        if (told.IsWait)
        {
            return told.Op switch
            {
                AccessOp.Park => "sleeps",
                AccessOp.WaitForWork => $"idle until {told.Place} != {told.A}",
                AccessOp.WaitWhile when told.Holder.Length == 0 => $"waits while {told.Place} == {told.A}",
                _ => $"waits for {told.Place}",
            };
        }

        return OfStructure(told) ?? OfAccess(told) + Stale(told);
    }

    /// <summary>Whether an event is left out unless every access is told.</summary>
    public static bool IsQuiet(TraceEvent told) => told.Op switch
    {
        // Links of lists that a lock protects: many, and what they come to shows elsewhere.
        AccessOp.Read or AccessOp.Write => told.IsPointer,

        // The step that takes a lock at once: the lock is told as taken.
        AccessOp.AddWhenClear => !told.IsWait,
        AccessOp.WaitForWork => true,
        AccessOp.CancelPark or AccessOp.None => true,
        AccessOp.FullFence or AccessOp.ReadFence or AccessOp.WriteFence or AccessOp.FenceEveryCpu => true,
        _ => false,
    };

    private static string? OfStructure(TraceEvent told) => told.Op switch
    {
        AccessOp.Enter => $"{told.Place}({told.Before})",
        AccessOp.Leave => told.Before.Length == 0 ? "return" : $"return {told.Before}",
        AccessOp.LockContended => $"wants {Mode(told)}{told.Place}",
        AccessOp.LockAcquired => $"locks {Mode(told)}{told.Place}",
        AccessOp.LockReleased => $"unlocks {Mode(told)}{told.Place}",
        AccessOp.Alloc => told.Before.Length == 0 ? $"alloc {told.Place} fails" : $"alloc {told.Before}",
        AccessOp.Free => $"free {told.Place}",
        AccessOp.RunsAlone => $"-- all have ended: {told.Place} --",
        AccessOp.Failed => $"*** {told.Before}: {told.Place}",
        _ => null,
    };

    private static string OfAccess(TraceEvent told) => told.Op switch
    {
        AccessOp.Read or AccessOp.ReadOnce or AccessOp.LoadAcquire or AccessOp.Dereference
            => $"{told.Place} is {told.Before}",

        AccessOp.Write or AccessOp.WriteOnce or AccessOp.StoreRelease
            => told.Before == told.A || told.Before == "fresh"
                ? $"{told.Place} = {told.A}" : $"{told.Place} = {told.A} (was {told.Before})",

        AccessOp.FetchAdd or AccessOp.FetchAddRelaxed or AccessOp.FetchAddAcquire or AccessOp.FetchAddRelease
            => $"{told.Place} += {told.A} (was {told.Before})",

        AccessOp.FetchOr or AccessOp.FetchOrAcquire or AccessOp.FetchOrRelaxed
            => $"{told.Place} |= {told.A} (was {told.Before})",

        AccessOp.FetchAndRelaxed => $"{told.Place} &= {told.A} (was {told.Before})",
        AccessOp.Exchange or AccessOp.ExchangeRelaxed => $"{told.Place} = {told.A} (was {told.Before}), exchanged",

        AccessOp.CompareExchange or AccessOp.CompareExchangeRelaxed
            or AccessOp.CompareExchangeAcquire or AccessOp.CompareExchangeRelease
            => told.Before == told.A
                ? $"{told.Place}: {told.A} -> {told.B}" : $"{told.Place} is {told.Before}, not {told.A}",

        AccessOp.AddWhenClear => $"{told.Place} += {told.B} (was {told.Before})",
        AccessOp.WaitWhile or AccessOp.WaitForClear or AccessOp.WaitForWork
            => $"goes on: {told.Place} is {told.Before}",
        AccessOp.Park => "wakes",
        AccessOp.PrepareToPark => "is about to sleep",
        AccessOp.CancelPark => "sleeps not",
        AccessOp.Unpark => $"wakes {told.Place.Split('.')[0]}",
        AccessOp.FullFence => "full fence",
        AccessOp.ReadFence => "read fence",
        AccessOp.WriteFence => "write fence",
        AccessOp.FenceEveryCpu => "full fence on every CPU",
        _ => told.Op.ToString(),
    };

    private static string Stale(TraceEvent told)
        => told.Newest.Length == 0 ? "" : $", stale: newest is {told.Newest}";

    private static string Mode(TraceEvent told) => told.Before.Length == 0 ? "" : told.Before + " ";
}
