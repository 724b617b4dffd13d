using System.Collections.Generic;
using System.Threading;

namespace Stress.Exploration;

/// <summary>What workers that search the same tree agree on.</summary>
/// <remarks>
/// One lock guards all published nodes. It is held at the end of a run only: to enter the races of the run, and to find
/// the next branch. A step is not made again from the moment it is begun: whoever begins it sees to it that all that can
/// follow is searched. But only when its search was over before another one began does that other one leave out what
/// could as well begin with it; otherwise each of the two might leave something to the other.
/// </remarks>
internal sealed class SearchTree
{
    private readonly List<ExhaustiveStrategy> _workers = [];
    private int _idle;
    private long _now;
    private bool _isOver;

    /// <summary>The state before the first step.</summary>
    public SearchNode Root { get; } = new();

    /// <summary>Guards the published nodes.</summary>
    public object Guard { get; } = new();

    /// <summary>Counts the beginnings and ends of searches: what ended before another began has a lower number.
    /// </summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Counts one; called with the lock held.</summary>
    public long Tick() => ++_now;

    /// <summary>Whether everything was searched.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether it has no workers yet.</summary>
    public bool IsEmpty => _workers.Count == 0;

    /// <summary>Adds a worker; before the search begins.</summary>
    public void Add(ExhaustiveStrategy worker) => _workers.Add(worker);

    /// <summary>Ends the search for all workers.</summary>
    public void Stop()
    {
        lock (Guard)
        {
            _isOver = true;
            Monitor.PulseAll(Guard);
        }
    }

    /// <summary>The part of the search that is over, from 0 to 1, were all branches that are not begun alike.</summary>
    public double Progress()
    {
        lock (Guard)
        {
            return IsComplete ? 1 : _workers[0].Progress();
        }
    }

    /// <summary>Waits until another worker has a branch to spare; called with the lock held.</summary>
    /// <returns>A node with a pending step; null when the search is over.</returns>
    public SearchNode? AwaitWork()
    {
        _idle++;
        while (!_isOver)
        {
            foreach (ExhaustiveStrategy worker in _workers)
            {
                if (worker.Spare() is { } node)
                {
                    _idle--;
                    return node;
                }
            }

            if (_idle == _workers.Count)
            {
                IsComplete = true;
                _isOver = true;
                Monitor.PulseAll(Guard);
                break;
            }

            Monitor.Wait(Guard);
        }

        return null;
    }

    /// <summary>Tells those who wait that there may be work; called with the lock held.</summary>
    public void Offer()
    {
        if (_idle > 0)
        {
            Monitor.PulseAll(Guard);
        }
    }

    /// <summary>Whether the search was ended.</summary>
    public bool IsOver => Volatile.Read(ref _isOver);
}
