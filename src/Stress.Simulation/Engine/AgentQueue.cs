using System;

namespace Stress.Simulation;

/// <summary>The agents by their time, and by their number where that is equal: a binary heap.</summary>
/// <remarks>An entry is a word, so that to compare two is one instruction: the time above, the number below.</remarks>
/// <param name="agents">All agents, by number.</param>
internal sealed class AgentQueue(Agent[] agents)
{
    private const int NumberBits = 13;

    /// <summary>Agents that there may be at most.</summary>
    public const int MaxAgents = 1 << NumberBits;

    /// <summary>The latest time of an agent, in picoseconds: about 19 minutes.</summary>
    public const long LatestTime = (1L << (63 - NumberBits)) - 1;

    // So far that nothing ends there, and near enough to add to it.
    private const long EndOfTime = long.MaxValue / 2;

    private readonly long[] _heap = new long[agents.Length + 1];
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <summary>The time of the earliest; the end of time when there is none.</summary>
    public long Earliest => _count == 0 ? EndOfTime : _heap[0] >> NumberBits;

    public void Add(Agent agent)
    {
        long entry = (agent.Clock << NumberBits) | (uint)agent.Number;
        Span<long> heap = _heap;
        int at = _count++;
        while (at > 0)
        {
            int above = (at - 1) >> 1;
            if (entry > heap[above])
            {
                break;
            }

            heap[at] = heap[above];
            at = above;
        }

        heap[at] = entry;
    }

    public Agent Take()
    {
        Span<long> heap = _heap;
        long first = heap[0];
        long last = heap[--_count];
        int at = 0;
        while (true)
        {
            int below = (2 * at) + 1;
            if (below >= _count)
            {
                break;
            }

            if (below + 1 < _count && heap[below + 1] < heap[below])
            {
                below++;
            }

            if (heap[below] > last)
            {
                break;
            }

            heap[at] = heap[below];
            at = below;
        }

        heap[at] = last;
        return agents[first & (MaxAgents - 1)];
    }
}
