using System.Collections.Generic;
using System.Linq;

namespace Stress.Results;

/// <summary>One count of a simulation against an earlier one of the same inputs. Nothing is noise here.</summary>
/// <param name="Layout">The layout.</param>
/// <param name="Cpus">CPUs.</param>
/// <param name="Count">Name of the count.</param>
/// <param name="Now">The count.</param>
/// <param name="Before">The earlier one.</param>
public sealed record CountComparison(string Layout, int Cpus, string Count, long Now, long Before)
{
    /// <summary>Whether it grew: every count is a cost.</summary>
    public bool IsRegression => Now > Before;

    /// <summary>The counts that differ.</summary>
    /// <returns>Those of simulations that both runs have; <c>Compared</c> says how many.</returns>
    public static (int Compared, IReadOnlyList<CountComparison> Changed) Of(BenchmarkFile now, BenchmarkFile before)
    {
        (SimulatedCounts Now, SimulatedCounts Before)[] pairs =
        [
            .. from one in now.Simulated
               join other in before.Simulated
                   on (one.Scenario, one.Layout, one.Cpus, one.Machine, one.Operations)
                   equals (other.Scenario, other.Layout, other.Cpus, other.Machine, other.Operations)
               select (one, other),
        ];
        return
        (
            pairs.Length,
            [
                .. from pair in pairs
                   from count in pair.Now.Counts().Zip(pair.Before.Counts())
                   where count.First.Count != count.Second.Count
                   select new CountComparison(
                       pair.Now.Layout, pair.Now.Cpus, count.First.Name, count.First.Count, count.Second.Count),
            ]
        );
    }
}
