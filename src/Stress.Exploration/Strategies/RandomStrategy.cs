using System.Numerics;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Picks uniformly among the tasks that can run.</summary>
/// <remarks>
/// Best where many short critical sections must fall into one order; weak where one task must stand still for long.
/// </remarks>
public sealed class RandomStrategy : IStrategy
{
    private Xoshiro256 _random;

    /// <inheritdoc/>
    public string Name => "random";

    /// <summary>Starts a run with a generator of its own.</summary>
    public void Begin(Xoshiro256 random) => _random = random;

    /// <inheritdoc/>
    public int NextTask(uint enabled, int current)
        => Bits.Nth(enabled, (int)_random.Next((uint)BitOperations.PopCount(enabled)));

    /// <inheritdoc/>
    public int NextChoice(int count) => (int)_random.Next((uint)count);

    /// <inheritdoc/>
    public bool NextEvent(int oneIn) => _random.Next((uint)oneIn) == 0;
}
