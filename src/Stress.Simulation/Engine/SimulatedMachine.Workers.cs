using System.Collections.Generic;
using System.Linq;
using Stress.Machine;

namespace Stress.Simulation;

// Tasks that serve the others: each is there once, on a CPU of its own, and ends when the others have.
internal sealed partial class SimulatedMachine
{
    private readonly SimulatedTask[] _workers;

    // One role for each CPU, and one CPU more for each worker.
    private static IEnumerable<int> RolesOf(ScenarioPlan plan, int cpus)
    {
        IReadOnlyList<int> players = plan.Players;
        return [.. Enumerable.Range(0, cpus).Select(cpu => players[cpu % players.Count]), .. plan.Workers];
    }

    private void WarmWorkers()
    {
        foreach (SimulatedTask worker in _workers)
        {
            worker.Operations = _warmUp;
        }
    }

    // Nothing is left to wait for.
    private void ReleaseWorkers(SimulatedTask last)
    {
        foreach (SimulatedTask worker in _workers)
        {
            if (worker.Op == SimulatedOp.WaitForWork)
            {
                Changed(last, ref _directory[LineOf(worker.At)]);
            }
        }
    }
}
