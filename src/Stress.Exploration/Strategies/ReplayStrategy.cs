using System.Collections.Generic;
using System.Numerics;

namespace Stress.Exploration;

/// <summary>Makes recorded decisions again.</summary>
/// <param name="decisions">As <see cref="Trace.Decisions"/> holds them.</param>
public sealed class ReplayStrategy(IReadOnlyList<int> decisions) : IStrategy
{
    private int _position;

    /// <inheritdoc/>
    public string Name => "replay";

    /// <summary>Where and why the run left the recording; null while it has not.</summary>
    public string? Divergence { get; private set; }

    /// <summary>Whether every decision was used.</summary>
    public bool IsExhausted => _position == decisions.Count;

    /// <inheritdoc/>
    public int NextTask(uint enabled, int current)
    {
        int fallback = BitOperations.TrailingZeroCount(enabled);
        int task = Next(fallback, "a task");
        if (task is < 0 or > 31 || (enabled & (1u << task)) == 0)
        {
            Diverge($"task {task} cannot run");
            return fallback;
        }

        return task;
    }

    /// <inheritdoc/>
    public int NextChoice(int count)
    {
        int choice = Next(0, "a choice");
        if (choice < 0 || choice >= count)
        {
            Diverge($"choice {choice} is not below {count}");
            return 0;
        }

        return choice;
    }

    /// <inheritdoc/>
    public bool NextEvent(int oneIn) => NextChoice(2) == 1;

    private int Next(int fallback, string wanted)
    {
        if (_position < decisions.Count)
        {
            return decisions[_position++];
        }

        Diverge($"the recording ends where {wanted} is wanted");
        return fallback;
    }

    private void Diverge(string why) => Divergence ??= $"at decision {_position}: {why}";
}
