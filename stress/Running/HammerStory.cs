using System;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Running;

/// <summary>Looks for what a hammer run found among the schedules of the same variant: for a trace and a story.
/// </summary>
internal sealed class HammerStory(Scenario scenario, Variant variant, HammerResult hammered, double failAlloc)
    : IScenarioVisitor<GuidedResult>
{
    private ExploreOptions _options = new();

    /// <summary>What was found; null before the run and for nothing.</summary>
    public Finding? Finding { get; private set; }

    /// <summary>Explores, and leaves the files of what it finds in the run's folder.</summary>
    /// <param name="schedules">Schedules at most.</param>
    public StoryFigures Run(Session session, long schedules, Action<Func<ProgressNote>> progress)
    {
        _options = new ExploreOptions
        {
            Seed = hammered.Seed,
            Schedules = schedules,
            AllocationFailures = failAlloc > 0 ? Math.Max(1, variant.Plan.AllocationFailures) : null,
            Cancel = session.Interrupt.Token,
            Progress = now => progress(() => ProgressLine.Of(scenario, variant, now)),
        };
        GuidedResult result = variant.Accept(this);
        Finding = result.Finding;
        return new StoryFigures(result.IsSame, result.Schedules, result.Outcome)
        {
            Memory = Finding?.Trace.Memory,
            Finding = Finding is null ? null : FindingFiles.Save(session.Folder, Finding),
        };
    }

    GuidedResult IScenarioVisitor<GuidedResult>.Visit<TScenario>()
        => GuidedExplorer.Explore<TScenario>(scenario, variant, Guide.Of(hammered), _options);
}
