using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Runs one representative of every class of equivalent interleavings.</summary>
/// <remarks>
/// Optimal dynamic partial-order reduction with wakeup trees and sleep sets. After a run, each pair of steps that could
/// as well have come in the other order is turned round: the steps that lead there are entered as a wakeup sequence at
/// the state before the first of the two, unless what is searched there covers them. A step that a lock or another
/// condition held up is turned round against the step that made it wait, not against the one that let it go on. What a
/// task draws is a label of its step: every label is run. One for each worker; workers share a <see cref="SearchTree"/>.
/// Source: Abdulla, Aronis, Jonsson, Sagonas, Source Sets: A Foundation for Optimal Dynamic Partial Order Reduction,
/// J. ACM 64(4), 2017, algorithm 2. Deviations: any number of workers; labels; waits.
/// </remarks>
internal sealed partial class ExhaustiveStrategy : StepStrategy
{
    private const int Nobody = -1;
    private const int MaxChoices = 256;

    private static readonly int[] s_numbers = [.. Enumerable.Range(0, MaxChoices)];

    private readonly Keys _keysOf;
    private readonly bool _isWeak;

    private readonly ExploredArena _arena;
    private readonly ScenarioPlan _plan;
    private readonly SearchTree _tree;
    private readonly SearchPool _pool = new();
    private readonly StepLog _log;
    private readonly RaceList _races = new();
    private readonly WakeupSequence _sequence;
    private readonly uint _onSharedCpu;
    private readonly int _cpuPlaces;

    // The states on the way of the current run, root first; the last state has no step of its own yet.
    private SearchNode[] _path = new SearchNode[64];
    private int _depth;
    private int _length = 1;

    // Steps below are made again as they were; the one at it is the first of a new branch.
    private readonly List<StepRecord> _asleepAtBranch = [];
    private int _branch;
    private StepRecord? _atBranch;
    private WakeupNode? _next;
    private StepRecord? _open;
    private bool _isAbandoned;
    private bool _isDiverted;
    private bool _hasAccessed;

    public ExhaustiveStrategy(ExploredMachine machine, SearchTree tree)
    {
        ExploredArena arena = machine.Arena;
        ScenarioPlan plan = machine.Plan;
        _keysOf = machine.KeysOf;
        _isWeak = machine.HasWeakMemory;
        _arena = arena;
        _plan = plan;
        _tree = tree;
        _cpuPlaces = arena.Bytes >> 3;
        _log = new StepLog(plan.Tasks.Count, _cpuPlaces + Touches.Beyond);
        _sequence = new WakeupSequence(_log, StepAt);
        _path[0] = tree.Root;
        for (int i = 0; i < plan.Tasks.Count; i++)
        {
            for (int j = 0; j < plan.Tasks.Count; j++)
            {
                _onSharedCpu |= i != j && plan.Tasks[i].Cpu == plan.Tasks[j].Cpu ? 1u << i : 0;
            }
        }

        tree.Add(this);
    }

    /// <inheritdoc/>
    public override string Name => "exhaustive";

    /// <inheritdoc/>
    public override bool IsAbandoned => _isAbandoned;

    /// <summary>Runs that were given up because nothing new could come of them.</summary>
    public long Redundant { get; private set; }

    /// <summary>Sequences that could not be followed: none, as far as is known.</summary>
    public long Diverted { get; private set; }

    /// <summary>Goes to the next branch, and waits for one when others may still find some.</summary>
    /// <returns>Whether there is one; otherwise the search is over.</returns>
    public bool MoveOn()
    {
        lock (_tree.Guard)
        {
            SearchNode? node = _tree.IsOver ? null : Above() ?? _tree.AwaitWork();
            if (node is null)
            {
                return false;
            }

            GoTo(node);
            _next = node.Pending!;
            node.Pending = _next.Next;
            BeginBranch(node);
            return true;
        }
    }

    /// <summary>Begins a run along the branch that <see cref="MoveOn"/> found; the very first run has none.</summary>
    public void Begin()
    {
        _depth = 0;
        _open = null;
        _isAbandoned = false;
        _races.Clear();
    }

    /// <summary>Enters what the run has shown: call once after each run.</summary>
    public void Enter()
    {
        Redundant += _isAbandoned ? 1 : 0;
        lock (_tree.Guard)
        {
            if (_isDiverted)
            {
                // The step could not be made there after all, so there is nothing to search behind it.
                _isDiverted = false;
                Diverted++;
                _path[_branch].Open--;
                _path[_branch].Sleep.Remove(_atBranch!);
                _pool.Return(_next!);
                _next = null;
            }

            for (int i = 0; i < _races.Count; i++)
            {
                (int first, int second, int key) = _races[i];
                _sequence.Take(first, second, key);
                Insert(first);
            }

            _length = _depth + 1;
            _tree.Offer();
        }
    }

    /// <summary>As <see cref="SearchTree.Progress"/>; called with the lock held.</summary>
    public double Progress()
    {
        double over = 0;
        double weight = 1;
        for (int i = 0; i < _length; i++)
        {
            SearchNode node = _path[i];
            int all = Math.Max(1, node.Made + node.PendingCount);
            over += weight * (node.Made - node.Open) / all;
            weight /= all;
        }

        return over;
    }

    /// <summary>The first state of this worker's path where a step is pending, or null; called with the lock held.
    /// </summary>
    public SearchNode? Spare()
    {
        for (int i = 0; i < _length; i++)
        {
            if (_path[i].HasSpare)
            {
                return _path[i];
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override int NextStep(uint enabled, int current)
    {
        Close();
        int step = _depth;
        if (_isAbandoned || _tree.IsOver)
        {
            _isAbandoned = true;
            return Nobody;
        }

        if (step < _branch)
        {
            _depth++;
            return _path[step + 1].Step!.Task;
        }

        int task = step == _branch && _atBranch is not null ? Wanted(enabled) : Decide(_path[step], enabled, current);
        if (task == Nobody)
        {
            _isAbandoned = true;
            _isDiverted = step == _branch && _atBranch is not null;
            return Nobody;
        }

        _open = _pool.RentStep(task, _next?.Step.Label ?? StepRecord.NoLabel);
        if ((_onSharedCpu & (1u << task)) != 0)
        {
            _open.Add(new Touch
            {
                Place = _cpuPlaces + _plan.Tasks[task].Cpu,
                Bytes = 1,
                Kind = TouchKind.Read,
                Wait = AccessOp.WaitWhile,
                Operand = 1,
            });
        }

        if (_isWeak)
        {
            _open.Add(new Touch { Place = _cpuPlaces + Touches.Orders + task, Bytes = 1, Kind = TouchKind.Read });
        }

        _hasAccessed = false;
        _depth++;
        return task;
    }

    /// <inheritdoc/>
    public override void End() => Close();

    private StepRecord StepAt(int step) => _path[step + 1].Step!;

    // The step is over: all that it touches is known.
    private void Close()
    {
        if (_open is not { } step)
        {
            return;
        }

        _open = null;
        step.Label = Math.Max(0, step.Label);
        step.IsKnown = true;
        SearchNode node = _path[_depth - 1];
        List<StepRecord> asleep = node.Sleep;
        StepRecord branch = step;
        if (_depth - 1 == _branch && _atBranch is { } published)
        {
            asleep = _asleepAtBranch;
            branch = published;
            lock (_tree.Guard)
            {
                if (!published.IsKnown)
                {
                    published.CopyFrom(step);
                }
            }
        }
        else
        {
            step.Depth = _depth - 1;
            step.Begun = _tree.Now;
            node.Open = 1;
        }

        SearchNode child = _pool.RentNode(node, step);
        child.Branch = branch;
        foreach (StepRecord other in asleep)
        {
            if (other.Task != step.Task && other.IsIndependentOf(step))
            {
                child.Sleep.Add(other);
            }
        }

        child.Inherited = child.Sleep.Count;
        if (_next is not null)
        {
            child.Pending = _next.FirstChild;
            _pool.Return(_next);
            _next = null;
        }

        if (_depth == _path.Length)
        {
            Array.Resize(ref _path, _depth * 2);
        }

        _path[_depth] = child;
        if (branch == step)
        {
            node.Sleep.Add(step);
        }

        _log.Push(step, _races);
    }

    private int Wanted(uint enabled)
    {
        int task = _atBranch!.Task;
        return (enabled & (1u << task)) != 0 ? task : Nobody;
    }

    // A step that nobody has made yet from here: as the sequence wants that led here, else whoever is not asleep.
    private int Decide(SearchNode node, uint enabled, int current)
    {
        if (node.Pending is { } pending && (enabled & (1u << pending.Step.Task)) != 0)
        {
            _next = pending;
            node.Pending = pending.Next;
            return pending.Step.Task;
        }

        uint awake = enabled;
        for (uint rest = enabled; rest != 0; rest &= rest - 1)
        {
            int task = BitOperations.TrailingZeroCount(rest);
            awake &= IsAsleep(node, task, _keysOf(task)) ? ~(1u << task) : uint.MaxValue;
        }

        return awake == 0 ? Nobody
            : (awake & (1u << current)) != 0 ? current : BitOperations.TrailingZeroCount(awake);
    }
}
