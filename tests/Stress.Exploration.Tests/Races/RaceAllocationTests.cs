#if !DEBUG
using System;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>Looking for races costs no memory once all is warm. Not in Debug, where each call makes an object.</summary>
[Collection(Alone.Name)]
public sealed class RaceAllocationTests
{
    [Fact]
    public void Explore_SteadyState_AllocatesNothing()
    {
        AssertAllocatesNothing<RacePair<BothLocked>>();
        AssertAllocatesNothing<RacePair<FreedAfterGracePeriod>>();
    }

    private static void AssertAllocatesNothing<TScenario>()
        where TScenario : struct, IScenario<TScenario>
    {
        using var machine = new ExploredMachine(new ExploredProgram<TScenario>(), new MachineSettings());
        var plan = new StrategyPlan(new ExploreOptions(), TScenario.Plan.Tasks.Count, expectedDecisions: 20);

        // Code that the JIT has not optimised yet boxes awaiters: it is given time to get there.
        long bytes = long.MaxValue;
        for (int round = 0; round < 100 && bytes > 0; round++)
        {
            System.Threading.Thread.Sleep(20);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 2_000; i++)
            {
                machine.Run(plan.For(i));
                Assert.Null(machine.Finding);
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, bytes);
    }
}
#endif
