using System;
using System.Globalization;

namespace Stress.Exploration;

/// <summary>Sorts operations, for stories.</summary>
internal static class Accesses
{
    /// <summary>Whether the event read a cell.</summary>
    public static bool Reads(this TraceEvent told) => !told.IsWait && told.Op is AccessOp.Read or AccessOp.ReadOnce
        or AccessOp.LoadAcquire or AccessOp.Dereference or AccessOp.WaitWhile or AccessOp.WaitForClear
        || told.ReadsAndWrites();

    /// <summary>Whether the event wrote a cell, also with the value that it had.</summary>
    public static bool Writes(this TraceEvent told) => !told.IsWait && told.Op is AccessOp.Write or AccessOp.WriteOnce
        or AccessOp.StoreRelease
        || (told.ReadsAndWrites() && !(told.IsExchangeOnMatch() && told.Before != told.A));

    /// <summary>Whether the event is an access to a cell that is shared by tasks.</summary>
    public static bool IsAccess(this TraceEvent told) => told.Reads() || told.Writes();

    /// <summary>Whether it is a compare and exchange.</summary>
    public static bool IsExchangeOnMatch(this TraceEvent told)
        => told.Op is >= AccessOp.CompareExchange and <= AccessOp.CompareExchangeRelease;

    /// <summary>The value of the cell after the event; null when the event says nothing about it.</summary>
    public static string? After(this TraceEvent told) => !told.IsAccess() ? null : told.Op switch
    {
        AccessOp.Write or AccessOp.WriteOnce or AccessOp.StoreRelease => told.A,
        AccessOp.Exchange or AccessOp.ExchangeRelaxed => told.A,
        AccessOp.AddWhenClear => Computed(told, told.B),
        _ when told.IsExchangeOnMatch() => told.Before == told.A ? told.B : Seen(told),
        _ when told.ReadsAndWrites() => Computed(told, told.A),
        _ => Seen(told),
    };

    /// <summary>The order that was asked for; empty for what is no access.</summary>
    public static string Order(this TraceEvent told) => told.IsWait ? "" : told.Op switch
    {
        AccessOp.Read or AccessOp.Write => "plain",
        AccessOp.LoadAcquire or AccessOp.FetchAddAcquire or AccessOp.FetchOrAcquire
            or AccessOp.CompareExchangeAcquire or AccessOp.WaitWhile or AccessOp.WaitForClear
            or AccessOp.AddWhenClear => "acquire",
        AccessOp.StoreRelease or AccessOp.FetchAddRelease or AccessOp.CompareExchangeRelease => "release",
        AccessOp.ReadOnce or AccessOp.WriteOnce or AccessOp.FetchAddRelaxed or AccessOp.FetchOrRelaxed
            or AccessOp.FetchAndRelaxed or AccessOp.ExchangeRelaxed or AccessOp.CompareExchangeRelaxed => "relaxed",
        AccessOp.Dereference => "dependency",
        AccessOp.FetchAdd or AccessOp.FetchOr or AccessOp.Exchange or AccessOp.CompareExchange => "full",
        _ => "",
    };

    // What a read leaves in the cell, whatever it saw.
    private static string Seen(TraceEvent told) => told.Newest.Length > 0 ? told.Newest : told.Before;

    private static bool ReadsAndWrites(this TraceEvent told)
        => !told.IsWait && told.Op is AccessOp.AddWhenClear
            or (>= AccessOp.FetchAdd and <= AccessOp.CompareExchangeRelease);

    private static string Computed(TraceEvent told, string operand)
    {
        if (!TryParse(told.Before, out long before) || !TryParse(operand, out long with))
        {
            return $"{told.Before} changed by {operand}";
        }

        long after = unchecked(told.Op switch
        {
            AccessOp.FetchOr or AccessOp.FetchOrAcquire or AccessOp.FetchOrRelaxed => before | with,
            AccessOp.FetchAndRelaxed => before & with,
            _ => before + with,
        });
        return after is > -1000 and < 100_000 ? after.ToString(CultureInfo.InvariantCulture) : $"0x{after:x}";
    }

    private static bool TryParse(string text, out long value)
        => text.StartsWith("0x", StringComparison.Ordinal)
            ? long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
