using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Machine;

/// <summary>In which order locks are taken, by class and subclass, and whether that can deadlock.</summary>
/// <remarks>
/// An edge leads from each lock that a task holds to a lock that it takes and may have to wait for. A lock that is only
/// tried gets no edge, for it does not wait; what is waited for while it is held gets one from it. Modes belong to the
/// edge: how the first lock is held, and how the second is wanted. A circle of edges is an inversion when at each of
/// its locks the one who wants it really waits for the one who holds it:
/// <code>
/// wanted      held        waits
/// exclusive   exclusive   yes
/// exclusive   shared      yes: a writer waits for readers
/// shared      exclusive   yes: a reader waits for the writer
/// shared      shared      only behind a writer that came in between: the lock is fair. It counts when anybody takes a
///                         lock of the class as a writer and waits for it.
/// </code>
/// Two locks of one class and subclass, held together, are a circle of one edge. An interrupt is an edge too: from each
/// lock that is held where an interrupt may come, to each lock that is waited for in one. Interrupts do not nest into
/// the holder of a lock that was taken with interrupts off.
/// Not modelled: locks around the whole circle that keep its tasks apart (their circle counts), two locks of a class
/// that are always taken in one order of their own (use subclasses), and on which CPU an interrupt may come.
/// Source: Documentation/locking/lockdep-design.
/// </remarks>
public sealed class LockOrderGraph
{
    private readonly Dictionary<LockOrderKey, LockOrderFact> _facts = [];

    /// <summary>Empty.</summary>
    public LockOrderGraph()
    {
    }

    /// <summary>With facts that were seen before.</summary>
    public LockOrderGraph(IEnumerable<LockOrderFact> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        foreach (LockOrderFact fact in facts)
        {
            Add(fact);
        }
    }

    /// <summary>All that was seen, in an order that does not depend on when.</summary>
    public IReadOnlyList<LockOrderFact> Facts => [.. LockOrderFact.Sorted(_facts.Values)];

    /// <summary>Takes note of a fact; the first of its kind stands.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(LockOrderFact fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        return _facts.TryAdd(fact.Key, fact);
    }

    /// <summary>Whether something was seen.</summary>
    public bool Contains(LockOrderKey key) => _facts.ContainsKey(key);

    /// <summary>The shortest circle in which every task waits for the next; null when there is none.</summary>
    /// <remarks>Of several, the first in the order of their locks: facts that are in no circle do not change it.
    /// </remarks>
    public LockOrderInversion? FindInversion()
    {
        LockOrderStep[] steps = [.. Steps().OrderBy(step => step.Held).ThenBy(step => step.Taken)
            .ThenBy(step => step.Interrupt is not null)];
        int[][] following = [.. steps.Select(step => Following(step, steps))];
        int[]? best = null;
        for (int first = 0; first < steps.Length; first++)
        {
            best = Circle(first, following, (best?.Length ?? int.MaxValue) - 1) ?? best;
        }

        return best is null ? null : new LockOrderInversion(Told([.. best.Select(step => steps[step])]));
    }

    private IEnumerable<LockOrderStep> Steps()
    {
        foreach (LockOrderFact fact in _facts.Values.Where(fact => fact.Kind == LockOrderKind.Order))
        {
            yield return new LockOrderStep(fact.Held!.Value, fact.Taken, fact, null, null);
        }

        foreach (LockOrderFact open in _facts.Values.Where(fact => fact.Kind == LockOrderKind.InterruptsOn))
        {
            foreach (LockOrderFact handler in _facts.Values.Where(fact => fact.Kind == LockOrderKind.InInterrupt))
            {
                yield return new LockOrderStep(open.Taken, handler.Taken, open, handler, null);
            }
        }
    }

    // Edges that begin with a lock that the end of this one waits for.
    private int[] Following(LockOrderStep step, LockOrderStep[] steps)
        => [.. Enumerable.Range(0, steps.Length).Where(next => Waits(step.Taken, steps[next].Held))];

    // Breadth first over edges, not locks: what may follow depends on how the last one wants its lock.
    private static int[]? Circle(int first, int[][] following, int longest)
    {
        int?[] cameFrom = new int?[following.Length];
        var reached = new HashSet<int>();
        var next = new Queue<(int Step, int Length)>([(first, 1)]);
        while (next.TryDequeue(out (int Step, int Length) at) && at.Length <= longest)
        {
            foreach (int step in following[at.Step])
            {
                if (step == first)
                {
                    return Path(at.Step, cameFrom);
                }

                if (reached.Add(step))
                {
                    cameFrom[step] = at.Step;
                    next.Enqueue((step, at.Length + 1));
                }
            }
        }

        return null;
    }

    private static int[] Path(int last, int?[] cameFrom)
    {
        List<int> path = [];
        for (int? step = last; step is { } index; step = cameFrom[index])
        {
            path.Insert(0, index);
        }

        return [.. path];
    }

    // Names the writers that readers wait behind.
    private LockOrderStep[] Told(LockOrderStep[] path)
    {
        for (int i = 0; i < path.Length; i++)
        {
            LockUse held = path[(i + 1) % path.Length].Held;
            bool isBehindWriter = path[i].Taken.Mode == LockMode.Shared && held.Mode == LockMode.Shared;
            path[i] = isBehindWriter ? path[i] with { Writer = WriterOf(held.Class) } : path[i];
        }

        return path;
    }

    private bool Waits(LockUse wanted, LockUse held)
        => wanted.IsSameNode(held)
            && (wanted.Mode == LockMode.Exclusive
                || held.Mode == LockMode.Exclusive
                || WriterOf(held.Class) is not null);

    // Locks of one class may be taken under any subclass.
    private LockOrderFact? WriterOf(string lockClass)
        => LockOrderFact.Sorted(_facts.Values)
            .FirstOrDefault(fact => fact.Kind == LockOrderKind.WaitingWriter && fact.Taken.Class == lockClass);
}
