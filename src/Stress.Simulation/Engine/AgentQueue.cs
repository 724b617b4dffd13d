namespace Stress.Simulation;

/// <summary>The agents by their time, and by their number where that is equal: a binary heap.</summary>
internal sealed class AgentQueue(int capacity)
{
    private Agent[] _heap = new Agent[capacity];
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <summary>The time of the earliest; the end of time when there is none.</summary>
    public long Earliest => _count == 0 ? long.MaxValue : _heap[0].Clock;

    public void Add(Agent agent)
    {
        if (_count == _heap.Length)
        {
            System.Array.Resize(ref _heap, _count * 2);
        }

        int at = _count++;
        while (at > 0)
        {
            int above = (at - 1) >> 1;
            if (!IsBefore(agent, _heap[above]))
            {
                break;
            }

            _heap[at] = _heap[above];
            at = above;
        }

        _heap[at] = agent;
    }

    public Agent Take()
    {
        Agent first = _heap[0];
        Agent last = _heap[--_count];
        int at = 0;
        while (true)
        {
            int below = (2 * at) + 1;
            if (below >= _count)
            {
                break;
            }

            if (below + 1 < _count && IsBefore(_heap[below + 1], _heap[below]))
            {
                below++;
            }

            if (!IsBefore(_heap[below], last))
            {
                break;
            }

            _heap[at] = _heap[below];
            at = below;
        }

        _heap[at] = last;
        return first;
    }

    private static bool IsBefore(Agent one, Agent other)
        => one.Clock < other.Clock || (one.Clock == other.Clock && one.Number < other.Number);
}
