using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Stress.Mm.Vma;

namespace Stress.Benchmarks.Measuring;

/// <summary>Which layouts and numbers of threads are timed.</summary>
internal static class BenchmarkSelection
{
    /// <summary>Numbers of threads: 1 and the powers of two up to the processors, and all of them.</summary>
    public static IReadOnlyList<int> Threads { get; set; } =
    [
        .. Enumerable.Range(0, 11).Select(static power => 1 << power)
            .Where(static threads => threads < Environment.ProcessorCount)
            .Append(Environment.ProcessorCount),
    ];

    /// <summary>Names of layouts, the first of them the one that others are compared with.</summary>
    public static IReadOnlyList<string> Layouts { get; set; } =
        [.. VmaLayouts.All.Select(static layout => layout.Name)];

    /// <summary>Files of the assemblies that some of the layouts are in.</summary>
    public static IReadOnlyList<string> Assemblies { get; set; } = [];

    /// <summary>A layout by its name.</summary>
    public static VmaLayout Layout(string name)
        => VmaLayouts.All.Concat(Assemblies.SelectMany(static path => VmaLayouts.In(Assembly.LoadFrom(path))))
            .First(layout => layout.Name == name);
}
