using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Layouts;
using Stress.Machine;

namespace Stress.Reporting;

/// <summary>Tells layouts as pahole does: fields by offset, with the bounds of cache lines and the holes.</summary>
internal static class LayoutReport
{
    private const int LineBytes = 64;

    public static void Write(Output output, LayoutCard card)
    {
        output.Line($"{card.Layout.Name}: {card.Layout.Summary}");
        if (card.Layout.Source.Length > 0)
        {
            output.Line($"source   {card.Layout.Source}");
        }

        foreach (CardStruct made in card.Structs)
        {
            Write(output, made);
        }

        Write(output, card.Placement);
        output.Line();
    }

    /// <summary>The fields that two layouts have at different places.</summary>
    public static void WriteDiff(Output output, LayoutCard first, LayoutCard second)
    {
        IReadOnlyList<MovedField> moved = LayoutDiff.Of(first.Layout, second.Layout);
        output.Line($"{first.Layout.Name} -> {second.Layout.Name}: {Figures.Count(moved.Count, "field")} moved");
        var table = new TextTable("field", $">{first.Layout.Name}", $">{second.Layout.Name}", "line", "on a fault");
        foreach (MovedField field in moved)
        {
            CardField told = Told(second, field.Name) ?? Told(first, field.Name)!;
            table.Add(
                field.Name, Place(field.First), Place(field.Second), Lines(field),
                told.Use.Pattern(LayoutAccesses.Cpus));
        }

        output.Write(table);
        WriteTotals(output, first, second);
    }

    private static CardField? Told(LayoutCard card, string name)
        => card.Structs[0].Fields.FirstOrDefault(field => field.Field.Name == name);

    private static string Place(HandleField? field)
        => field is { } at ? Invariant($"{at.Offset}+{at.Bytes}") : "-";

    private static string Lines(MovedField field)
    {
        string first = LineOf(field.First);
        string second = LineOf(field.Second);
        return first == second ? first : $"{first} -> {second}";
    }

    private static string LineOf(HandleField? field) => field is { } at ? Invariant($"{at.Offset / LineBytes}") : "-";

    private static void WriteTotals(Output output, LayoutCard first, LayoutCard second)
    {
        var table = new TextTable("", $">{first.Layout.Name}", $">{second.Layout.Name}");
        (string Name, Func<LayoutCard, string> Of)[] totals =
        [
            ("bytes of a VMA", card => Invariant($"{card.Layout.Bytes}")),
            ("bytes in the slab, with a separate lock", card => Invariant($"{card.Structs.Sum(s => s.Cache.Stride)}")),
            ("locks that share a line", card => Percent(card.Placement.LocksSharingLine)),
            ("locks written on two lines", card => Percent(card.Placement.LocksStraddling)),
        ];
        foreach ((string name, Func<LayoutCard, string> of) in totals)
        {
            table.Add(name, of(first), of(second));
        }

        output.Write(table);
    }

    private static void Write(Output output, CardStruct made)
    {
        output.Line();
        output.Line(
            $"struct {made.Cache.Name}: {made.Cache.ObjectBytes} bytes, "
            + $"{made.Cache.Stride} in its slab, {Alignment(made.Cache)}");
        var table = new TextTable(">offset", ">bytes", "field", ">reads", ">writes", "on a fault");
        foreach (CardField field in made.Fields)
        {
            FieldUse use = field.Use;
            table.Add(
                Invariant($"{field.Field.Offset}"), Invariant($"{field.Field.Bytes}"), field.Field.Name,
                PerFault(use.Reads), PerFault(use.Writes), use.Pattern(LayoutAccesses.Cpus));
        }

        string[] lines = [.. table.Lines()];
        output.Line(lines[0]);
        int line = 0;
        for (int i = 0; i < made.Fields.Count; i++)
        {
            CardField field = made.Fields[i];
            if (field.HoleBefore > 0)
            {
                output.Line($"        hole of {Figures.Count(field.HoleBefore, "byte")}");
            }

            while (field.Field.Offset / LineBytes > line)
            {
                line++;
                string mark = line % 2 == 0 ? "====" : "----";
                string pair = line % 2 == 0 ? ", next pair" : "";
                output.Line($"{mark} line {line}, at {line * LineBytes}{pair} {mark}");
            }

            output.Line(lines[i + 1]);
        }

        int used = made.Fields.Sum(field => field.Field.Bytes);
        output.Line(
            $"used {used}, {Figures.Count(made.Fields.Count(field => field.HoleBefore > 0), "hole")} of {made.HoleBytes}, "
            + $"padding {made.PaddingBytes} bytes");
    }

    private static string Alignment(SlabCache cache)
        => cache.Options.HasFlag(SlabOptions.LinePairAligned) ? "aligned to 128"
            : cache.Options.HasFlag(SlabOptions.CacheLineAligned) ? "aligned to 64"
            : "not aligned to cache lines";

    private static void Write(Output output, LayoutPlacement placement)
    {
        output.Line();
        output.Line($"placement of {LayoutPlacement.Objects} objects, allocated one after the other");
        Write(output, "VMA mod 64", placement.VmasInLine);
        Write(output, "VMA mod 128", placement.VmasInPair);
        Write(output, "lock mod 64", placement.LocksInLine);
        Write(output, "lock mod 128", placement.LocksInPair);
        output.Line($"  locks that share a line     {Percent(placement.LocksSharingLine)}");
        output.Line($"  most locks on one line      {placement.MostLocksOnLine}");
        output.Line(
            $"  locks written on two lines  {Percent(placement.LocksStraddling)} "
            + $"(the first {placement.HotLockBytes} bytes)");
        output.Line($"  VMAs on a line too many     {Percent(placement.VmasStraddling)}");
    }

    private static void Write(Output output, string what, IReadOnlyDictionary<int, double> shares)
    {
        const int PerLine = 6;
        string head = $"  {what,-12}";
        foreach (KeyValuePair<int, double>[] part in shares.Chunk(PerLine))
        {
            output.Line(head + string.Join("  ", part.Select(share => $"{share.Key,3}: {Percent(share.Value),-6}")).TrimEnd());
            head = new string(' ', head.Length);
        }
    }

    private static string PerFault(double times) => times == 0 ? "" : times.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("0.0%", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
