using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Stress.CommandLine;
using Stress.Mm.Vma;

namespace Stress.Layouts;

/// <summary>The layouts that a command can choose from: those of Stress and those of a user's own assembly.</summary>
internal static class LayoutCatalog
{
    /// <param name="assembly">Path of the assembly; null for the layouts of Stress alone.</param>
    /// <exception cref="UsageException">There is no such file, no layout in it, or one whose name is taken or whose
    /// fields cannot be.</exception>
    public static IReadOnlyList<VmaLayout> With(string? assembly)
    {
        if (assembly is null)
        {
            return VmaLayouts.All;
        }

        IReadOnlyList<VmaLayout> own = Load(assembly);
        if (own.Count == 0)
        {
            throw new UsageException(
                $"no layout in {assembly}; a layout is a public struct that implements IVmaLayout of itself");
        }

        var taken = VmaLayouts.All.Select(layout => layout.Name).ToHashSet(StringComparer.Ordinal);
        foreach (VmaLayout layout in own)
        {
            if (!taken.Add(layout.Name))
            {
                throw new UsageException(
                    $"layout '{layout.Name}' of {assembly} has a name that is taken; give {layout.Type.Name} another "
                    + "by [VmaLayout]");
            }

            if (VmaLayoutFields.MistakeIn(layout) is { } mistake)
            {
                throw new UsageException($"layout '{layout.Name}' of {assembly}: {mistake}");
            }
        }

        return [.. VmaLayouts.All, .. own];
    }

    /// <summary>The layouts of these names; all of them for none.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static IReadOnlyList<VmaLayout> Chosen(this IReadOnlyList<VmaLayout> catalog, IReadOnlyList<string> names)
        => names.Count == 0 ? catalog : [.. names.Select(catalog.Layout)];

    private static VmaLayout Layout(this IReadOnlyList<VmaLayout> catalog, string name)
    {
        IEnumerable<string> names = catalog.Select(layout => layout.Name);
        string near = NearestName.Suggestion(name, names);
        return catalog.FirstOrDefault(layout => layout.Name == name)
            ?? throw new UsageException(
                $"unknown layout '{name}'{(near.Length > 0 ? near : $"; there are: {string.Join(", ", names)}")}");
    }

    private static IReadOnlyList<VmaLayout> Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"no assembly at {path}; build it and give the path of its .dll");
        }

        try
        {
            return VmaLayouts.In(Assembly.LoadFrom(Path.GetFullPath(path)));
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            throw new UsageException($"{path} is no .NET assembly; give the path of a .dll that was built for .NET 10");
        }
        catch (Exception e) when (e is ReflectionTypeLoadException or FileNotFoundException)
        {
            throw new UsageException($"{path} needs what is not there; build it against this version of Stress.Mm");
        }
    }
}
