using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Layouts;

/// <summary>A field that is not at the same place in two layouts.</summary>
/// <param name="Name">The field.</param>
/// <param name="First">In the first layout; null where it has none.</param>
/// <param name="Second">In the second layout; null where it has none.</param>
internal sealed record MovedField(string Name, HandleField? First, HandleField? Second);

/// <summary>What two layouts of the VMA do not have in common.</summary>
internal static class LayoutDiff
{
    /// <summary>The fields that moved, changed their size, or are in one of the two only; by offset.</summary>
    public static IReadOnlyList<MovedField> Of(VmaLayout first, VmaLayout second)
    {
        Dictionary<string, HandleField> before = ByName(first);
        Dictionary<string, HandleField> after = ByName(second);
        return
        [
            .. before.Keys.Union(after.Keys)
                .Select(name => new MovedField(name, Find(before, name), Find(after, name)))
                .Where(field => field.First != field.Second)
                .OrderBy(field => (field.First ?? field.Second)!.Value.Offset)
                .ThenBy(field => field.Name, StringComparer.Ordinal),
        ];
    }

    private static Dictionary<string, HandleField> ByName(VmaLayout layout)
        => VmaLayoutFields.Of(layout).ToDictionary(field => field.Name);

    private static HandleField? Find(Dictionary<string, HandleField> fields, string name)
        => fields.TryGetValue(name, out HandleField field) ? field : null;
}
