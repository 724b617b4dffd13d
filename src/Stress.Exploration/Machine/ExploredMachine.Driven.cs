namespace Stress.Exploration;

// Runs in which somebody else decides who goes on: each task is a thread of another scheduler, and one goes on at a
// time. The points, the decisions and their order are those of a run of coroutines, which can repeat them therefore.
internal sealed partial class ExploredMachine
{
    // Who could have gone on at the last point.
    private uint _couldGoOn;

    /// <summary>Begins such a run. It ends with <see cref="EndDriven"/> unless it fails.</summary>
    /// <param name="choices">Makes the decisions that are not between tasks.</param>
    /// <param name="recorder">Is told of every event; null while exploring.</param>
    internal void BeginDriven(IStrategy choices, Recorder? recorder)
    {
        _strategy = choices;
        _steps = null;
        Recorder = null;
        Begin();
        Recorder = recorder;
        _races?.Begin(tells: true);
        _couldGoOn = Enabled();
    }

    /// <summary>Judges the state once all tasks have ended.</summary>
    internal void EndDriven()
    {
        _races?.End();
        JudgeEnd(isRepeated: false);
        JudgeRace();
    }

    /// <summary>Whether a task could make its next access now.</summary>
    internal bool CanGoOn(int task) => (Enabled() & _tasks[task].Bit) != 0;

    /// <summary>A task was chosen, begins or makes the access that it announced.</summary>
    internal void GoesOn(int task)
    {
        _current = _tasks[task];
        if (!_current.HasStarted)
        {
            BeginTask(_current);
        }

        if ((_couldGoOn & (_couldGoOn - 1)) != 0)
        {
            TaskDecisions++;
            Decided(task);
        }
    }

    /// <summary>The running task announces an access.</summary>
    /// <returns>Whether another task could go first: then it goes on when it is chosen, at once otherwise.</returns>
    internal bool Offers(AccessOp op, nint at, int size, ulong a, ulong b)
    {
        if (MustStop())
        {
            return false;
        }

        _points++;
        _couldGoOn = Enabled();
        Announce(op, at, size, a, b);
        return _couldGoOn != _current.Bit;
    }

    /// <summary>As <see cref="Offers"/>, for a plain access, an allocation or a free.</summary>
    internal bool OffersPlain(AccessOp op, nint at, int size, ulong a, ulong b)
    {
        if (_plainAccessesArePoints)
        {
            return Offers(op, at, size, a, b);
        }

        MustStop();
        return false;
    }

    /// <summary>As <see cref="Offers"/>, for an access that may have to wait for another task.</summary>
    internal bool OffersWait(AccessOp op, nint at, int size, ulong a, ulong b)
    {
        ExploredTask task = Announce(op, at, size, a, b);
        bool mustWait = MustWait(task);
        if (MustStop())
        {
            return false;
        }

        if (mustWait)
        {
            Recorder?.Waits(task.Number, op, at, size, a);
        }
        else
        {
            _points++;
            _couldGoOn = Enabled();
            if (_couldGoOn == task.Bit)
            {
                return false;
            }
        }

        _ready &= ~task.Bit;
        _waiting |= task.Bit;
        _couldGoOn = EnabledOrDrained();
        return true;
    }

    /// <summary>As <see cref="OffersWait"/>, for a sleep.</summary>
    internal bool OffersPark()
        => LeavesCpu()
            && OffersWait(AccessOp.Park, _arena.Task(_current.Number).State.Address, AtomicU32.Bytes, 0, 0);

    /// <summary>The running task has ended.</summary>
    internal void Ends()
    {
        EndTask(_current);
        _couldGoOn = EnabledOrDrained();
    }

    /// <summary>Whether nobody can go on although somebody has not ended.</summary>
    internal bool IsStuck => _finding is null && Enabled() == 0 && (_ready | _waiting) != 0;

    /// <summary>Fails a run in which nobody can go on: says who waits for whom.</summary>
    internal void FailStuck() => Stuck();

    /// <summary>Hash of where the tasks are: what each one does next, and to which cell.</summary>
    internal int HashOfPlaces()
    {
        ulong hash = DecisionHashStart;
        foreach (ExploredTask task in _tasks)
        {
            ulong place = task.IsDone ? 0 : ((ulong)_arena.OffsetOf(task.At) << 8) | (ulong)task.Op;
            hash = unchecked((hash ^ place) * DecisionHashFactor);
            hash ^= hash >> 29;
        }

        return (int)(hash ^ (hash >> 32));
    }

    private uint EnabledOrDrained()
    {
        uint enabled = Enabled();
        return enabled == 0 && Drains() ? Enabled() : enabled;
    }
}
