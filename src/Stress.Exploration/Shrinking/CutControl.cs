using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Tells a finding that is there without some tasks or operations from one that is there because they are
/// missing.</summary>
/// <remarks>
/// A task that fails in the middle of a run fails whether or not others would have gone on afterwards, so nothing needs
/// to be asked. A judgement of what has become of everybody is different: a count is short, an object is not given back,
/// a sleeper is not woken. There a cut counts only if the finding stays when the missing part runs at the very end, and
/// if a control, cut in the same way, passes: the correct twin on all serial orders and a sample of others, or, where
/// there is none, the variant itself on all serial orders.
/// </remarks>
internal sealed class CutControl : IDisposable
{
    private const int Sampled = 48;

    private readonly GuidedRunner _runner;
    private readonly GuidedRunner _control;
    private readonly ExploredMachine? _twin;
    private readonly Dictionary<string, bool> _passes = [];

    /// <param name="runner">Runs the variant.</param>
    /// <param name="twin">A machine of the correct twin, which is disposed of with this; null where there is none.</param>
    public CutControl(GuidedRunner runner, ExploredMachine? twin)
    {
        _runner = runner;
        _twin = twin;
        _control = twin is null ? runner : new GuidedRunner(twin, int.MaxValue, long.MaxValue);
    }

    /// <summary>Whether a run with limits shows what the run without them has too.</summary>
    public bool Accepts(GuidedRun run, FindingSignature signature)
        => !run.IsJudgedAtEnd || run.Made.Limits.All(limit => limit == MachineSettings.NoLimit)
            || (_runner.Run(run.Made, isWhole: true).IsOf(signature) && Passes(run.Made));

    public void Dispose() => _twin?.Dispose();

    private bool Passes(Schedule cut)
    {
        string key = string.Join(',', cut.Limits);
        if (!_passes.TryGetValue(key, out bool passes))
        {
            Schedule quiet = cut.WithoutDraws();
            passes = Orders.Of([.. cut.Running]).All(order => _control.Run(quiet.Serial(order)).Finding is null)
                && (_twin is null || SamplePasses(_twin, cut.Limits));
            _passes.Add(key, passes);
        }

        return passes;
    }

    private static bool SamplePasses(ExploredMachine twin, IReadOnlyList<int> limits)
    {
        twin.Limit(limits);
        var strategy = new RandomStrategy();
        for (ulong seed = 0; seed < Sampled; seed++)
        {
            strategy.Begin(new Xoshiro256(seed));
            twin.Run(strategy);
            if (twin.Finding is not null)
            {
                return false;
            }
        }

        return true;
    }
}
