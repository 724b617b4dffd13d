using System.Collections.Generic;
using System.IO;
using Stress.Exploration;
using Stress.Machine;
using Stress.Results;
using Stress.Running;

namespace Stress.Nightly;

/// <summary>What the items of a night are run with.</summary>
/// <param name="Catalog">The scenarios there are.</param>
/// <param name="Session">Where results go.</param>
/// <param name="Workers">Explorers side by side.</param>
internal sealed record Workbench(IReadOnlyList<Scenario> Catalog, Session Session, int Workers)
{
    /// <summary>Replays what was found from its file, as a person would: this also proves that the file is whole.
    /// </summary>
    /// <param name="item">What was run.</param>
    /// <param name="ran">What came of it.</param>
    public RunItem Replayed(PlanItem item, RunItem ran)
    {
        if (ran.Finding?.Trace is not { } trace)
        {
            return ran;
        }

        var file = TraceFile.Open(Path.Combine(Session.Folder.Location, trace), Catalog, ran.Variant);
        ReplayResult result = file.Replay(item.Entry.Replays, Session.Interrupt.Token);
        return ran with
        {
            Replayed = new ReplayFigures(result.Times, result.Matched, result.Divergence),
            IsAsExpected = ran.IsAsExpected && result.Matched == result.Times,
        };
    }
}
