using System.Linq;
using System.Numerics;

namespace Stress.Simulation;

/// <summary>The adjacent-line prefetchers: each core's has so many requests under way at a time, at most one of them for
/// the same line.</summary>
/// <param name="cores">Cores.</param>
/// <param name="requests">Requests of each: up to <see cref="MostRequests"/>; 0 when there are no prefetchers.</param>
/// <param name="first">Number of the first of their agents.</param>
internal sealed class PairPrefetchers(int cores, int requests, int first)
{
    /// <summary>Requests that one of them may have under way at most.</summary>
    public const int MostRequests = 16;

    // By core: a bit for each request that is under way.
    private readonly uint[] _busy = new uint[cores];

    /// <summary>An agent for each request that may be under way.</summary>
    public Agent[] Agents { get; } =
        [.. Enumerable.Range(0, cores * requests).Select(i => new Agent(first + i, i / requests, task: null))];

    /// <summary>Who may fetch a line for a core now; null when nobody may, or somebody does.</summary>
    public Agent? For(int core, int line)
    {
        uint busy = _busy[core];
        for (uint rest = busy; rest != 0; rest &= rest - 1)
        {
            if (Agents[(core * requests) + BitOperations.TrailingZeroCount(rest)].Line == line)
            {
                return null;
            }
        }

        int free = BitOperations.TrailingZeroCount(~busy);
        return free < requests ? Agents[(core * requests) + free] : null;
    }

    /// <summary>A request waits for its line.</summary>
    public void Begin(Agent agent) => _busy[agent.Core] |= BitOf(agent);

    /// <summary>Its line has come.</summary>
    public void End(Agent agent) => _busy[agent.Core] &= ~BitOf(agent);

    private uint BitOf(Agent agent) => 1u << (agent.Number - first - (agent.Core * requests));
}
