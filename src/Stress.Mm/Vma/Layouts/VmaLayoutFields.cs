using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>The fields of a layout, each byte of the struct in one of them at most.</summary>
public static class VmaLayoutFields
{
    // The layout's own fields are told like the others, and the RCU head lies over the address range.
    private const string OwnPrefix = "Layout.";
    private const string Overlay = "VmRcu.";

    /// <summary>The fields of a VMA, by offset.</summary>
    public static IReadOnlyList<HandleField> Of(VmaLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return Of(layout.VmaType);
    }

    /// <summary>The fields of a struct, by offset; without those that lie over another.</summary>
    public static IReadOnlyList<HandleField> Of(Type handle)
    {
        HandleField[] all =
        [
            .. HandleFields.Of(handle)
                .Where(found => found.Offset >= 0 && !found.Name.StartsWith(Overlay, StringComparison.Ordinal))
                .Select(found => found.Name.StartsWith(OwnPrefix, StringComparison.Ordinal)
                    ? found with { Name = found.Name[OwnPrefix.Length..] }
                    : found),
        ];
        return [.. all.Where(part => !all.Any(whole => IsPartOf(part, whole))).OrderBy(found => found.Offset)];
    }

    /// <summary>What makes a layout unusable.</summary>
    /// <returns>One sentence with a remedy; null for a layout that is right.</returns>
    public static string? MistakeIn(VmaLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        IReadOnlyList<HandleField> fields = Of(layout);
        foreach ((HandleField first, HandleField second) in fields.Zip(fields.Skip(1)))
        {
            if (first.Offset + first.Bytes > second.Offset)
            {
                return $"{second.Name} at {second.Offset} overlaps {first.Name} at {first.Offset}; "
                    + "move one of them in OffsetOf";
            }
        }

        HandleField outside = fields.FirstOrDefault(found => found.Offset + found.Bytes > layout.Bytes);
        return outside.Bytes > 0
            ? $"{outside.Name} at {outside.Offset} lies outside of its {layout.Bytes} bytes; raise Bytes"
            : layout.Cache.ObjectType != layout.VmaType || !layout.Cache.Options.HasFlag(SlabOptions.Zeroed)
            ? $"its Cache must be of VmAreaStruct<{layout.Type.Name}> and have SlabOptions.Zeroed"
            : null;
    }

    // A byte of a lock word, say, which the lock's struct names beside the word.
    private static bool IsPartOf(HandleField part, HandleField whole)
    {
        string owner = whole.Name[..(whole.Name.LastIndexOf('.') + 1)];
        return owner.Length > 0 && part.Name.StartsWith(owner, StringComparison.Ordinal) && part.Bytes < whole.Bytes
            && part.Offset >= whole.Offset && part.Offset + part.Bytes <= whole.Offset + whole.Bytes;
    }
}
