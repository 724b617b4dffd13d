using System.Linq;
using Microsoft.Coyote.SystematicTesting;
using Stress.Machine;

namespace Stress.Exploration.Coyote;

/// <summary>Says what a run came to that Coyote ended.</summary>
internal static class CoyoteVerdict
{
    /// <summary>When Coyote ended the run because nobody could go on: finds out who waits for whom.</summary>
    public static void JudgeStuck(ExploredMachine machine, CoyoteRun run)
    {
        if (!run.HasEnded && machine.IsStuck)
        {
            machine.FailStuck();
        }
    }

    /// <summary>The finding; a model error with Coyote's own words when there is no other.</summary>
    public static RunFinding Of(ExploredMachine machine, TestingEngine engine)
    {
        if (machine.Finding is null)
        {
            string report = engine.TestReport.BugReports.FirstOrDefault() ?? "no report";
            machine.Fail(FindingKind.ModelError, $"Coyote: {report.Split('\n')[0].TrimEnd()}");
        }

        return machine.Finding!;
    }
}
