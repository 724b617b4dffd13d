using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Stress.Mm.Vma;

/// <summary>The layouts of the VMA.</summary>
public static class VmaLayouts
{
    /// <summary>Those that ship with Stress; the first is the one that others are compared with.</summary>
    public static IReadOnlyList<VmaLayout> All { get; } =
    [
        new VmaLayout<StockLayout>(),
        new VmaLayout<SeparateAlignedLayout>(),
        new VmaLayout<EmbeddedUnalignedLayout>(),
        new VmaLayout<EmbeddedLine4Layout>(),
        new VmaLayout<EmbeddedPairLayout>(),
        new VmaLayout<LockFirstLayout>(),
        new VmaLayout<RefcountLayout>(),
    ];

    /// <summary>The layouts of somebody else's assembly, by name.</summary>
    /// <exception cref="ReflectionTypeLoadException">It was built against something that is not there.</exception>
    public static IReadOnlyList<VmaLayout> In(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return
        [
            .. assembly.GetTypes().Select(VmaLayout.Of).OfType<VmaLayout>()
                .OrderBy(layout => layout.Name, StringComparer.Ordinal),
        ];
    }
}
