using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Scenarios;

/// <summary>Every scenario that ships with Stress, in the order of their names.</summary>
public static class Catalog
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
    ];
}
