namespace Stress.Exploration;

/// <summary>Says in words what an event was.</summary>
internal static class EventText
{
    /// <summary>The words, or null for an event that is not worth a row.</summary>
    /// <param name="told">The event.</param>
    /// <param name="isVerbose">Whether every access is worth a row.</param>
    public static string? Of(TraceEvent told, bool isVerbose)
    {
        if (told.IsWait)
        {
            return told.Op switch
            {
                AccessOp.Park => "sleeps",
                AccessOp.WaitForWork => isVerbose ? $"idle until {told.Place} != {told.A}" : null,
                AccessOp.WaitWhile => $"waits while {told.Place} == {told.A}",
                _ => $"waits for {told.Place}",
            };
        }

        return OfStructure(told) ?? OfAccess(told, isVerbose);
    }

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

    private static string? OfAccess(TraceEvent told, bool isVerbose) => told.Op switch
    {
        // Links of lists that a lock protects: many, and what they come to shows elsewhere.
        AccessOp.Read or AccessOp.Write when told.IsPointer && !isVerbose => null,

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

        AccessOp.AddWhenClear => isVerbose ? $"{told.Place} += {told.B} (was {told.Before})" : null,
        AccessOp.WaitWhile or AccessOp.WaitForClear => $"goes on: {told.Place} is {told.Before}",
        AccessOp.Park => "wakes",
        AccessOp.PrepareToPark => "is about to sleep",
        AccessOp.CancelPark => isVerbose ? "sleeps not" : null,
        AccessOp.Unpark => $"wakes {told.Place.Split('.')[0]}",
        _ => isVerbose ? told.Op.ToString() : null,
    };

    private static string Mode(TraceEvent told) => told.Before.Length == 0 ? "" : told.Before + " ";
}
