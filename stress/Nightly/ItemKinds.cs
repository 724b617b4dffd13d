using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>The kinds of work that a plan can ask for. Another one is a class and a line here.</summary>
internal static class ItemKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IItemKind> All { get; } =
    [
        new ExploreKind(), new HammerKind(), new CorpusKind(), new SimulateKind(), new LayoutKind(), new BenchKind(),
    ];

    /// <summary>What is wrong with an entry that says anything of layouts, and is not about them.</summary>
    public const string LayoutFields =
        "'layouts', 'machineFile', 'cpus', 'prefetch', 'operations', 'iterations' and 'filter' are for simulate, layout and "
        + "bench entries";

    /// <summary>What is wrong with an entry that is about layouts, and says anything of schedules or threads.</summary>
    public const string ScheduleFields =
        "'schedules', 'duration', 'threads' and what else explore and hammer entries take are not for simulate, layout and "
        + "bench entries";

    /// <summary>What an entry has before its kind was read.</summary>
    public static IItemKind None { get; } = new Missing();

    /// <summary>Their words.</summary>
    public static string[] Names { get; } = [.. All.Select(kind => kind.Name)];

    /// <param name="name">One of <see cref="Names"/>.</param>
    public static IItemKind Named(string name) => All.First(kind => kind.Name == name);

    private sealed class Missing : IItemKind
    {
        public string Name => "";

        public string WhatIsWrong(PlanEntry entry) => $"'machine' is missing: {string.Join(" or ", Names)}";

        public string? WhatIsWrong(IReadOnlyList<PlanItem> items) => null;

        public bool Takes(PlanEntry entry, Variant variant) => false;

        public bool IsExpectedClean(PlanEntry entry, Variant variant) => false;

        public double EstimateSeconds(PlanItem item) => 0;

        public bool IsElastic(PlanItem item) => false;

        public RunItem Run(
            PlanItem item, ulong seed, TimeSpan? slice, Workbench bench, Action<Func<ProgressNote>> progress)
            => throw new InvalidOperationException("An entry without a kind is refused when it is read.");
    }
}
