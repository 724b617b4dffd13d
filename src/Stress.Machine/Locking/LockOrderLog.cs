using System.Collections.Generic;
using System.Threading;

namespace Stress.Machine;

/// <summary>The order of locks as several threads see it together.</summary>
public sealed class LockOrderLog
{
    private readonly Lock _lock = new();
    private readonly LockOrderGraph _graph = new();
    private (LockOrderInversion Inversion, LockOrderFact Last)? _closed;

    /// <summary>The first circle that was closed, and the fact that closed it; null while there is none.</summary>
    public (LockOrderInversion Inversion, LockOrderFact Last)? Closed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <summary>All that was seen, in an order that does not depend on when.</summary>
    public IReadOnlyList<LockOrderFact> Facts
    {
        get
        {
            lock (_lock)
            {
                return _graph.Facts;
            }
        }
    }

    /// <summary>Adds what a thread has seen.</summary>
    public void Add(IReadOnlyList<LockOrderFact> facts)
    {
        lock (_lock)
        {
            bool isNew = false;
            foreach (LockOrderFact fact in facts)
            {
                isNew |= _graph.Add(fact);
            }

            if (isNew && _closed is null && _graph.FindInversion() is { } inversion)
            {
                _closed = (inversion, facts[^1]);
            }
        }
    }
}
