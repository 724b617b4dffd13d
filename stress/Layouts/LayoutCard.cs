using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Layouts;

/// <summary>One field of a struct, and what faults do with it.</summary>
/// <param name="Field">Name, offset and size.</param>
/// <param name="Use">How it is used.</param>
/// <param name="HoleBefore">Unused bytes between the field before it and this one.</param>
internal sealed record CardField(HandleField Field, FieldUse Use, int HoleBefore);

/// <summary>One struct of a layout: the VMA, or the separate lock.</summary>
/// <param name="Cache">Where its objects come from.</param>
/// <param name="Fields">Its fields, by offset.</param>
internal sealed record CardStruct(SlabCache Cache, IReadOnlyList<CardField> Fields)
{
    /// <summary>Unused bytes between fields.</summary>
    public int HoleBytes => Fields.Sum(told => told.HoleBefore);

    /// <summary>Unused bytes behind the last field, up to the next object of a slab.</summary>
    public int PaddingBytes => Cache.Stride - Fields.Max(told => told.Field.Offset + told.Field.Bytes);
}

/// <summary>All that <c>stress layout</c> tells of a layout.</summary>
/// <param name="Layout">The layout.</param>
/// <param name="Structs">The VMA and, where it is an object of its own, the lock.</param>
/// <param name="Placement">Where the slab allocator puts them.</param>
internal sealed record LayoutCard(VmaLayout Layout, IReadOnlyList<CardStruct> Structs, LayoutPlacement Placement)
{
    public static LayoutCard Of(VmaLayout layout)
    {
        var accesses = new LayoutAccesses(layout);
        List<CardStruct> structs = [Describe(layout.Cache, VmaLayoutFields.Of(layout), accesses)];
        if (!layout.IsLockEmbedded)
        {
            structs.Add(Describe(layout.LockCache, VmaLayoutFields.Of(layout.LockCache.ObjectType), accesses));
        }

        return new LayoutCard(layout, structs, new LayoutPlacement(layout));
    }

    private static CardStruct Describe(SlabCache cache, IReadOnlyList<HandleField> fields, LayoutAccesses accesses)
    {
        int end = 0;
        List<CardField> described = [];
        foreach (HandleField field in fields)
        {
            described.Add(new CardField(field, accesses.Of(cache, field), field.Offset - end));
            end = field.Offset + field.Bytes;
        }

        return new CardStruct(cache, described);
    }
}
