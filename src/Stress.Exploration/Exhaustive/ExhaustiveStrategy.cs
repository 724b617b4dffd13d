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
internal sealed class ExhaustiveStrategy : StepStrategy
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
            if (_path[i].Pending is not null)
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

    /// <inheritdoc/>
    public override unsafe void Touch(nint at, int size, TouchKind kind, AccessOp op, ulong operand)
    {
        if (_open is not { } step)
        {
            return;
        }

        // What comes after the access depends on what was read.
        step.IsSteady &= !_hasAccessed;
        _hasAccessed = true;
        long offset = _arena.OffsetOf(at);
        step.Add(new Touch
        {
            Place = (int)(offset >> 3),
            Bytes = (byte)(((1 << size) - 1) << (int)(offset & 7)),
            Kind = kind,
            Wait = op is AccessOp.WaitWhile or AccessOp.WaitForClear or AccessOp.WaitForWork or AccessOp.Park
                or AccessOp.AddWhenClear ? op : AccessOp.None,
            Operand = _arena.Portable(operand),
            IsConditional = Touches.IsConditional(op),
            Before = _arena.Portable(*(ulong*)(at & ~(nint)7)),
        });
    }

    /// <inheritdoc/>
    public override void TouchCpu(int cpu, bool isMasked)
    {
        if (_open is { } step && (_onSharedCpu & (1u << step.Task)) != 0)
        {
            step.Add(new Touch
            {
                Place = _cpuPlaces + cpu,
                Bytes = 1,
                Kind = TouchKind.Write,
                Before = isMasked ? 1ul : 0ul,
            });
        }
    }

    /// <inheritdoc/>
    public override unsafe void TouchObject(SlabCache cache, nint at)
    {
        if (_open is not { } step)
        {
            return;
        }

        if (cache.Options.HasFlag(SlabOptions.TypesafeByRcu))
        {
            step.Add(new Touch
            {
                Place = _cpuPlaces + Touches.Caches + (cache.Index % Touches.CacheCount),
                Bytes = 1,
                Kind = TouchKind.Write,
            });
        }

        if (!_arena.IsLive(at))
        {
            return;
        }

        for (nint word = at; word < at + cache.ObjectBytes; word += 8)
        {
            Touch(word, 8, TouchKind.Write, AccessOp.None, 0);
        }
    }

    /// <inheritdoc/>
    public override void TouchFailures() => _open?.Add(new Touch
    {
        Place = _cpuPlaces + Touches.Failures,
        Bytes = 1,
        Kind = TouchKind.Write,
    });

    /// <inheritdoc/>
    public override int NextChoice(int count)
    {
        if (_open is not { } step)
        {
            // Made again, or alone before the tasks begin.
            return _depth > 0 ? Math.Max(0, _path[_depth].Step!.Label) : 0;
        }

        SearchNode node = _path[_depth - 1];
        step.Labels = count;
        lock (_depth - 1 == _branch ? _tree.Guard : this)
        {
            ChooseLabel(node, step, s_numbers.AsSpan(0, count));
        }

        return step.Label;
    }

    /// <inheritdoc/>
    public override void TouchWeak(nint at, Touch touch, bool isConditional)
    {
        if (_open is not { } step)
        {
            return;
        }

        step.IsSteady &= !_hasAccessed && !isConditional;
        _hasAccessed = true;
        touch.Place = (int)(_arena.OffsetOf(at) >> 3);
        step.Add(touch);
    }

    /// <inheritdoc/>
    public override void TouchFence(bool isOfAll)
    {
        if (_open is not { } step)
        {
            return;
        }

        step.Add(new Touch { Place = _cpuPlaces + Touches.Fences, Bytes = 1, Kind = TouchKind.Write });
        for (int task = 0; isOfAll && task < _plan.Tasks.Count; task++)
        {
            if (task != step.Task)
            {
                step.Add(new Touch { Place = _cpuPlaces + Touches.Orders + task, Bytes = 1, Kind = TouchKind.Write });
            }
        }
    }

    /// <inheritdoc/>
    public override int NextStore(ReadOnlySpan<int> keys)
    {
        StepRecord step = _open ?? _path[_depth].Step!;
        if (_open is not null)
        {
            SearchNode node = _path[_depth - 1];
            step.Labels = int.MaxValue;
            lock (_depth - 1 == _branch ? _tree.Guard : this)
            {
                ChooseLabel(node, step, keys);
            }
        }

        int index = keys.IndexOf(step.Label);
        if (index < 0)
        {
            // A sequence wants a store that cannot be used after all.
            _isAbandoned = true;
            return 0;
        }

        return index;
    }

    private StepRecord StepAt(int step) => _path[step + 1].Step!;

    private void ChooseLabel(SearchNode node, StepRecord step, ReadOnlySpan<int> labels)
    {
        for (int i = 0; step.Label == StepRecord.NoLabel && i < labels.Length; i++)
        {
            step.Label = IsTaken(node, step.Task, labels[i]) ? StepRecord.NoLabel : labels[i];
        }

        if (step.Label == StepRecord.NoLabel)
        {
            _isAbandoned = true;
            step.Label = labels[0];
            return;
        }

        foreach (int label in labels)
        {
            if (label != step.Label && !IsTaken(node, step.Task, label))
            {
                WakeupNode other = _pool.RentWakeup(step);
                other.Step.Reset(step.Task, label);
                other.Step.Labels = step.Labels;
                Append(node, null, other);
            }
        }
    }

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

    private delegate ReadOnlySpan<int> Keys(int task);

    // With all its labels.
    private static bool IsAsleep(SearchNode node, int task, ReadOnlySpan<int> keys)
    {
        if (!keys.IsEmpty)
        {
            foreach (int key in keys)
            {
                if (!IsAsleep(node, task, key))
                {
                    return false;
                }
            }

            return true;
        }

        int count = 0;
        int labels = 1;
        foreach (StepRecord step in node.Sleep)
        {
            if (step.Task == task)
            {
                count++;
                labels = step.Labels;
            }
        }

        return count >= labels;
    }

    private static bool IsTaken(SearchNode node, int task, int label)
        => IsAsleep(node, task, label) || IsPending(node, task, label);

    private static bool IsAsleep(SearchNode node, int task, int label)
    {
        foreach (StepRecord step in node.Sleep)
        {
            if (step.Task == task && step.Label == label)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPending(SearchNode node, int task, int label)
    {
        for (WakeupNode? pending = node.Pending; pending is not null; pending = pending.Next)
        {
            if (pending.Step.Task == task && pending.Step.Label == label)
            {
                return true;
            }
        }

        return false;
    }

    private static void Append(SearchNode node, WakeupNode? parent, WakeupNode added)
    {
        WakeupNode? last = parent is null ? node.Pending : parent.FirstChild;
        while (last?.Next is not null)
        {
            last = last.Next;
        }

        if (last is not null)
        {
            last.Next = added;
        }
        else if (parent is null)
        {
            node.Pending = added;
        }
        else
        {
            parent.FirstChild = added;
        }
    }

    // Enters the sequence at a state, unless what was or will be searched there covers it.
    private void Insert(int depth)
    {
        SearchNode node = _path[depth];
        foreach (StepRecord step in node.Sleep)
        {
            // What began before that search was over cannot rely on all that it may still enter here.
            bool isOver = step.Ended <= _path[step.Depth + 1].Branch!.Begun;
            if (_sequence.CanBeginWith(step, isFirstOnly: !isOver))
            {
                return;
            }
        }

        WakeupNode? parent = null;
        WakeupNode? child = node.Pending;
        while (child is not null)
        {
            if (!_sequence.CanBeginWith(child.Step))
            {
                child = child.Next;
                continue;
            }

            if (child.FirstChild is null)
            {
                return;
            }

            _sequence.Remove(child.Step.Task);
            parent = child;
            child = child.FirstChild;
        }

        for (int i = 0; i < _sequence.Count; i++)
        {
            WakeupNode added = _pool.RentWakeup(_sequence.At(i));
            Append(node, parent, added);
            parent = added;
        }
    }

    // Leaves the states where nothing is left to do; the first above where something is, or null.
    private SearchNode? Above()
    {
        bool isOver = true;
        for (int i = _length - 1; i >= 0; i--)
        {
            SearchNode node = _path[i];
            if (node.Pending is not null)
            {
                _length = i + 1;
                return node;
            }

            isOver &= node.Open == 0;
            if (isOver && i > 0)
            {
                _path[i - 1].Open--;
                node.Branch!.Ended = _tree.Tick();
                _pool.Return(node);
            }
        }

        // Others may take states of this path apart from now on.
        _length = 0;
        return null;
    }

    private void GoTo(SearchNode node)
    {
        int depth = 0;
        for (SearchNode? above = node.Parent; above is not null; above = above.Parent)
        {
            depth++;
        }

        if (depth < _length && _path[depth] == node)
        {
            _log.Truncate(depth);
        }
        else
        {
            _log.Truncate(0);
            while (_path.Length <= depth)
            {
                Array.Resize(ref _path, _path.Length * 2);
            }

            SearchNode? above = node;
            for (int i = depth; i >= 0; i--)
            {
                _path[i] = above!;
                above = above!.Parent;
            }

            for (int i = 0; i < depth; i++)
            {
                _log.Push(StepAt(i), null);
            }
        }

        _branch = depth;
        _length = depth + 1;
    }

    // From now on the step counts as made: others rely on this worker for all that follows it.
    private void BeginBranch(SearchNode node)
    {
        _asleepAtBranch.Clear();
        foreach (StepRecord step in node.Sleep)
        {
            if (step.IsKnown)
            {
                _asleepAtBranch.Add(step);
            }
        }

        _atBranch = _pool.RentStep(0, 0);
        _atBranch.CopyFrom(_next!.Step);
        _atBranch.Depth = _branch;
        _atBranch.Begun = _tree.Tick();
        node.Sleep.Add(_atBranch);
        node.Open++;
    }
}
