using System;
using System.Collections.Generic;
using System.Linq;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Layouts;

/// <summary>The fields of a struct as its layout has them, by offset.</summary>
internal static class LayoutFields
{
    // The layout's own fields are told like the others, and the RCU head lies over the address range.
    private const string OwnPrefix = "Layout.";
    private const string Overlay = "VmRcu.";

    /// <summary>The fields of a VMA.</summary>
    public static IReadOnlyList<HandleField> Of(VmaLayout layout) => Of(layout.VmaType);

    /// <summary>The fields of a struct.</summary>
    public static IReadOnlyList<HandleField> Of(Type handle)
    {
        HandleField[] all =
        [
            .. HandleFields.Of(handle)
                .Where(field => field.Offset >= 0 && !field.Name.StartsWith(Overlay, StringComparison.Ordinal))
                .Select(field => field.Name.StartsWith(OwnPrefix, StringComparison.Ordinal)
                    ? field with { Name = field.Name[OwnPrefix.Length..] }
                    : field),
        ];
        return [.. all.Where(field => !all.Any(other => IsPartOf(field, other))).OrderBy(field => field.Offset)];
    }

    // A byte of a lock word, say, which the lock's struct names beside the word.
    private static bool IsPartOf(HandleField part, HandleField whole)
    {
        string owner = whole.Name[..(whole.Name.LastIndexOf('.') + 1)];
        return owner.Length > 0 && part.Name.StartsWith(owner, StringComparison.Ordinal) && part.Bytes < whole.Bytes
            && part.Offset >= whole.Offset && part.Offset + part.Bytes <= whole.Offset + whole.Bytes;
    }

    /// <summary>Looks for mistakes in somebody's layout.</summary>
    /// <exception cref="UsageException">Fields overlap or lie outside of the struct, or its cache is of another type.
    /// </exception>
    public static void Verify(VmaLayout layout, string assembly)
    {
        string where = $"layout '{layout.Name}' of {assembly}";
        IReadOnlyList<HandleField> fields = Of(layout);
        foreach ((HandleField first, HandleField second) in fields.Zip(fields.Skip(1)))
        {
            if (first.Offset + first.Bytes > second.Offset)
            {
                throw new UsageException(
                    $"{where}: {second.Name} at {second.Offset} overlaps {first.Name} at {first.Offset}; "
                    + "move one of them in OffsetOf");
            }
        }

        if (fields.FirstOrDefault(field => field.Offset + field.Bytes > layout.Bytes) is { Bytes: > 0 } outside)
        {
            throw new UsageException(
                $"{where}: {outside.Name} at {outside.Offset} lies outside of its {layout.Bytes} bytes; raise Bytes");
        }

        if (layout.Cache.ObjectType != layout.VmaType || !layout.Cache.Options.HasFlag(SlabOptions.Zeroed))
        {
            throw new UsageException(
                $"{where}: its Cache must be of VmAreaStruct<{layout.Type.Name}> and have SlabOptions.Zeroed");
        }
    }
}
