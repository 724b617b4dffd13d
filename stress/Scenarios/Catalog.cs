using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Scenarios.Hugetlb;
using Stress.Scenarios.ListLru;
using Stress.Scenarios.Litmus;
using Stress.Scenarios.Locks;
using Stress.Scenarios.Metadata;
using Stress.Scenarios.Mixed;
using Stress.Scenarios.Vma;
using Stress.Scenarios.Zone;

namespace Stress.Scenarios;

/// <summary>Every scenario that ships with Stress, in the order of their names.</summary>
public static class Catalog
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. ((IEnumerable<Scenario>)
        [
            .. HugetlbScenarios.All,
            .. ListLruScenarios.All,
            .. LitmusScenarios.All,
            .. LockScenarios.All,
            .. MetadataScenarios.All,
            .. MixedScenarios.All,
            .. VmaScenarios.All,
            .. ZoneScenarios.All,
        ]).OrderBy(scenario => scenario.Name, StringComparer.Ordinal),
    ];
}
