using Microsoft.Coyote.Runtime;
using Microsoft.Coyote.SystematicTesting;
using Stress.Machine;

namespace Stress.Exploration.Coyote;

/// <summary>Repeats a run by Coyote's trace of it.</summary>
internal sealed class CoyoteReplay(ExploredMachine machine, CoyoteRun run, Trace trace)
{
    private readonly string _coyoteTrace = trace.EngineTrace!.Value.GetRawText();

    public ReplayResult Repeat(int times)
    {
        int matched = 0;
        string? divergence = null;
        Finding? finding = null;
        for (int i = 0; i < times; i++)
        {
            var recorder = new Recorder(machine, keepsEvents: true);
            if (Once(recorder) is { } difference)
            {
                divergence ??= difference;
                continue;
            }

            matched++;
            finding ??= Describe(
                machine.Finding!, new StoryWriter(machine.Plan, recorder.Events).Tell(), times);
        }

        return new ReplayResult(
            times, matched, divergence, finding is null ? null : finding with { Reproduced = matched });
    }

    // How the repetition differs from the recording; null when it does not.
    private string? Once(Recorder recorder)
    {
        using TestingEngine engine = TestingEngine.Create(
            CoyoteConfiguration.ForReplay(_coyoteTrace), (ICoyoteRuntime runtime) => run.Run(runtime, recorder));
        engine.SetLogger(new SilentLogger());
        engine.RegisterEndIterationCallBack(_ =>
        {
            run.Close();
            CoyoteVerdict.JudgeStuck(machine, run);
        });
        engine.Run();
        if (engine.TestReport.NumOfFoundBugs == 0)
        {
            return run.HasEnded ? "the run ended without a finding" : "Coyote could not follow its trace";
        }

        RunFinding found = CoyoteVerdict.Of(machine, engine);
        return found.Kind != trace.Kind || found.Text != trace.Text ? $"it came to {found.Kind.Name()}: {found.Text}"
            : recorder.Hash != trace.Hash ? $"its hash is {recorder.Hash}, and {trace.Hash} was recorded" : null;
    }

    private Finding Describe(RunFinding found, Story story, int times) => new()
    {
        Kind = found.Kind,
        Text = found.Text,
        Task = found.Task,
        TaskName = machine.TaskName(found.Task),
        Operation = found.Operation,
        ScheduleIndex = trace.Schedule,
        Strategy = trace.Strategy,
        Inversion = machine.Inversion,
        Trace = trace,
        Reproduced = 0,
        ReproducedOf = times,
        Story = story.ToText(),
        Telling = story,
    };
}
