using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stress.CommandLine;
using Stress.Layouts;
using Stress.Machine;
using Stress.Mm.Vma;
using Stress.Reporting;

namespace Stress.Commands;

/// <summary><c>stress layout</c>: where the fields of a VMA lie, what faults do with them, and where the slab allocator
/// puts the objects.</summary>
internal sealed class LayoutCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Argument<string[]> _names = new("LAYOUT")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Layouts by name [default: all of them]",
    };

    private readonly Option<bool> _diff = new("--diff")
    {
        Description = "Only what is different between two layouts",
    };

    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress layout stock\nstress layout stock embedded-line4 --diff\nstress layout --json\n"
        + "stress layout my-own --assembly path/to/My.Layouts.dll";

    public Command Create()
    {
        var command = new Command(
            "layout", "Prints layouts of the VMA: fields, their use by faults, cache lines, holes, and slab placement")
        {
            _names, _diff, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] names = parsed.GetValue(_names) ?? [];
        bool isDiff = parsed.GetValue(_diff);
        if (isDiff && names.Length != 2)
        {
            throw new UsageException($"--diff compares two layouts, not {names.Length}; name two");
        }

        IReadOnlyList<VmaLayout> layouts = catalog.Layouts().Chosen(names);
        LayoutCard[] cards = [.. layouts.Select(LayoutCard.Of)];
        if (parsed.GetValue(_json))
        {
            object document = isDiff ? DescribeDiff(cards[0], cards[1]) : cards.Select(Describe);
            Output.WriteJson(JsonSerializer.Serialize(document, s_json));
            return ExitCode.AsExpected;
        }

        var output = new Output(isJson: false);
        if (isDiff)
        {
            LayoutReport.WriteDiff(output, cards[0], cards[1]);
            return ExitCode.AsExpected;
        }

        foreach (LayoutCard card in cards)
        {
            LayoutReport.Write(output, card);
        }

        return ExitCode.AsExpected;
    }

    private static object DescribeDiff(LayoutCard first, LayoutCard second) => new
    {
        First = first.Layout.Name,
        Second = second.Layout.Name,
        Moved = LayoutDiff.Of(first.Layout, second.Layout),
    };

    private static object Describe(LayoutCard card) => new
    {
        card.Layout.Name,
        card.Layout.Summary,
        card.Layout.Source,
        card.Layout.Bytes,
        card.Layout.IsLockEmbedded,
        card.Layout.IsReferenceCount,
        card.Layout.LockOffset,
        Structs = card.Structs.Select(made => new
        {
            made.Cache.Name,
            Bytes = made.Cache.ObjectBytes,
            made.Cache.Stride,
            Options = made.Cache.Options.ToString(),
            made.HoleBytes,
            made.PaddingBytes,
            Fields = made.Fields.Select(field => new
            {
                field.Field.Name,
                field.Field.Offset,
                field.Field.Bytes,
                field.HoleBefore,
                Pattern = field.Use.Pattern(LayoutAccesses.Cpus),
                ReadsPerFault = field.Use.Reads,
                WritesPerFault = field.Use.Writes,
                field.Use.Readers,
                field.Use.Writers,
            }),
        }),
        Placement = new
        {
            LayoutPlacement.Objects,
            card.Placement.VmasInLine,
            card.Placement.VmasInPair,
            card.Placement.LocksInLine,
            card.Placement.LocksInPair,
            card.Placement.LocksSharingLine,
            card.Placement.MostLocksOnLine,
            card.Placement.LocksStraddling,
            card.Placement.VmasStraddling,
        },
    };
}
