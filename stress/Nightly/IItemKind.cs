using System;
using System.Collections.Generic;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>One kind of work that a plan can ask for: the <c>machine</c> of its entries.</summary>
internal interface IItemKind
{
    /// <summary>The word in plans.</summary>
    string Name { get; }

    /// <summary>What an entry of this kind lacks or has too much, or null.</summary>
    string? WhatIsWrong(PlanEntry entry);

    /// <summary>Why what an entry selects cannot be run, or null.</summary>
    string? WhatIsWrong(IReadOnlyList<PlanItem> items);

    /// <summary>Whether it has anything to do with a variant.</summary>
    bool Takes(PlanEntry entry, Variant variant);

    /// <summary>Whether nothing is to be found in a variant.</summary>
    bool IsExpectedClean(PlanEntry entry, Variant variant);

    /// <summary>How long an item takes that was never run, in seconds.</summary>
    double EstimateSeconds(PlanItem item);

    /// <summary>Whether more time, or less, makes sense for an item.</summary>
    bool IsElastic(PlanItem item);

    /// <summary>Runs an item.</summary>
    /// <param name="item">What.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="slice">How long it may take; null for what its entry says.</param>
    /// <param name="bench">What it runs with.</param>
    /// <param name="progress">Is told how far it is.</param>
    RunItem Run(PlanItem item, ulong seed, TimeSpan? slice, Workbench bench, Action<Func<ProgressNote>> progress);
}
