using System;
using System.Linq;
using System.Numerics;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Runs the tasks of a scenario as coroutines on the calling thread, one access at a time.</summary>
/// <remarks>
/// Sequentially consistent: the orders of <see cref="ICpu"/> are accepted and not modelled. Before each access it asks
/// the strategy who makes the next one, among the tasks that are not done, do not wait, and may run on their CPU. A
/// task that is chosen again goes on without a switch. Not thread-safe: one per worker.
/// </remarks>
internal sealed partial class ExploredMachine : IDisposable
{
    private const int Nobody = -1;
    private const int AccessesPerPoint = 64;

    private readonly ExploredProgram _program;
    private readonly ExploredTask[] _tasks;
    private readonly ScenarioPlan _plan;
    private readonly ExploredArena _arena;
    private readonly bool _plainAccessesArePoints;
    private readonly int _allocationFailures;
    private int _accessLimit;
    private readonly uint _workers;

    private readonly RaceDetector? _races;

    private IStrategy _strategy = null!;
    private StepStrategy? _steps;
    private ExploredTask _current;
    private bool _isPrepared;
    private int _next;

    // Bits of tasks: not done and not waiting; waiting; kept off their CPU by a task that disabled preemption.
    private uint _ready;
    private uint _waiting;
    private uint _masked;

    private bool _isDraining;
    private int _points;
    private int _accesses;
    private int _failuresLeft;
    private RunFinding? _finding;

    public ExploredMachine(ExploredProgram program, MachineSettings settings)
    {
        _program = program;
        _plan = program.Plan;
        _arena = new ExploredArena(_plan, settings.ArenaBytes);
        _plainAccessesArePoints = _plan.PlainAccessesArePoints;
        EndAfter(int.MaxValue);
        _allocationFailures = settings.AllocationFailures ?? _plan.AllocationFailures;
        HasAtomicLocks = settings.Locks switch
        {
            LockAlgorithm.Atomic => true,
            LockAlgorithm.Real => false,
            _ => !_plan.ExploresRealLocks,
        };
        _knownOrder = settings.KnownLockOrder;
        _order = settings.CollectsLockOrder || _knownOrder is not null ? new LockOrderWatch() : null;
        _realTime = RealTimeOf(_plan);
        _hasInterrupts = _plan.Tasks.Any(task => task.IsInterrupt);
        _tasks = new ExploredTask[_plan.Tasks.Count];
        for (int i = 0; i < _tasks.Length; i++)
        {
            _tasks[i] = new ExploredTask(i, _plan.Tasks[i]);
            _workers |= _plan.Tasks[i].IsWorker ? 1u << i : 0;
        }

        _weakMemory = settings.Memory == MemoryModel.Weak ? new WeakMemory(_arena, _tasks.Length) : null;
        _current = _tasks[0];
        Outcomes = new OutcomeCollector(_plan.Outcomes);
        Names = new MemoryNames(_arena, _plan, program.ScenarioType);
        program.Place(_arena.Root);
        Limit(settings.OperationLimits);
        _races = settings.DataRaces ? new RaceDetector(this, settings.ArenaBytes) : null;
    }

    public bool HasAtomicLocks { get; }

    /// <summary>Is told of every access, to tell the class of the run; null when nobody asks.</summary>
    public ClassHash? Classes { get; set; }

    public bool HasWeakMemory => _weakMemory is not null;

    /// <summary>The stores of the last run; null without weak memory.</summary>
    public WeakMemory? WeakMemory => _weakMemory;

    public ExploredArena Arena => _arena;

    public ScenarioPlan Plan => _plan;

    public ExploredTask Current => _current;

    public MemoryNames Names { get; }

    /// <summary>What the runs of this machine came to.</summary>
    public OutcomeCollector Outcomes { get; }

    /// <summary>What went wrong in the last run, or null.</summary>
    public RunFinding? Finding => _finding;

    /// <summary>The two accesses, where that was a data race; null otherwise.</summary>
    public RaceReport? Race => _finding?.Kind == FindingKind.DataRace ? _races?.Report : null;

    /// <summary>Scheduling points of the last run.</summary>
    public int Points => _points;

    /// <summary>Decisions of the last run, as a trace holds them.</summary>
    public ReadOnlySpan<int> Decisions => _decisions.AsSpan(0, _decisionCount);

    /// <summary>Tells runs of this machine apart: equal for equal decisions.</summary>
    public ulong DecisionHash => _decisionHash;

    /// <summary>Decisions between at least two tasks in the last run.</summary>
    public int TaskDecisions { get; private set; }

    /// <summary>Runs the scenario once.</summary>
    /// <param name="strategy">Makes the decisions.</param>
    /// <param name="recorder">Is told of every event; null while exploring.</param>
    public void Run(IStrategy strategy, Recorder? recorder = null)
    {
        Run(strategy, recorder, tellsRaces: recorder is not null);
        if (strategy is StepStrategy { IsAbandoned: true })
        {
            return;
        }

        if (_finding is null && _races is { HasFound: true, Report: null })
        {
            // Exploring keeps no more of accesses than races need to be found: again, to tell this one.
            Run(new ReplayStrategy(Decisions.ToArray()), recorder: null, tellsRaces: true);
        }

        JudgeRace();
    }

    private void Run(IStrategy strategy, Recorder? recorder, bool tellsRaces)
    {
        _strategy = strategy;
        _steps = null;
        Recorder = null;
        Begin();
        Recorder = recorder;
        _steps = strategy as StepStrategy;
        _weak = _weakMemory;
        _weak?.Reset();
        if (_finding is null)
        {
            _races?.Begin(tellsRaces);
            RunTasks();
            _races?.End();
        }

        _weak = null;

        // What follows runs alone: it is no step of a task.
        StepStrategy? steps = _steps;
        _steps = null;
        steps?.End();
        if (steps is { IsAbandoned: true } || (_limits is not null && _races is { HasFound: true }))
        {
            // Nothing new, or not all that the judgement counts on.
            return;
        }

        JudgeEnd(isRepeated: tellsRaces && recorder is null);
    }

    public void Dispose()
    {
        _races?.Dispose();
        _arena.Dispose();
    }

    public string TaskName(int task) => task == ObjectRecord.Nobody ? "nobody" : _plan.Tasks[task].Name;

    /// <summary>Ends the run as failed; the first finding of a run stands.</summary>
    internal void Fail(FindingKind kind, string text)
    {
        if (_finding is null)
        {
            _finding = new RunFinding(kind, text, _current.Number, _current.Operation);
            Recorder?.Failed(_current.Number, kind, text);
        }

        // The next access of whoever runs now notices, wherever it is.
        _accesses = int.MaxValue - 1;
    }

    // What holds once all tasks have ended, what is left then, and what was never given back.
    private void JudgeEnd(bool isRepeated)
    {
        if (_finding is null)
        {
            RunAlone(Phase.Check);
        }

        if (_finding is null)
        {
            RunAlone(Phase.Teardown);
        }

        if (_finding is null && _arena.FirstLeak() is { } leak)
        {
            Fail(FindingKind.Leak, $"{leak.Name}, allocated by {TaskName(leak.AllocatedBy)}, is never freed");
        }

        if (_finding is null && !isRepeated && Outcomes.Complete() is { } forbidden)
        {
            Fail(FindingKind.ForbiddenOutcome, forbidden);
        }
    }

    // A race does not end the run: what else it comes to says more.
    private void JudgeRace()
    {
        if (_finding is not null || _races?.Report is not { } race)
        {
            return;
        }

        _current = _tasks[race.Second.Task];
        _current.Operation = race.Second.Operations.Count == 0 ? "" : race.Second.Operations[0];
        Fail(FindingKind.DataRace, race.Text);
    }

    private void Begin()
    {
        foreach (ExploredTask task in _tasks)
        {
            task.Reset();
        }

        _current = _tasks[0];
        _finding = null;
        _ready = uint.MaxValue >> (32 - _tasks.Length);
        _waiting = 0;
        _masked = 0;
        _spinner = null;
        _isDraining = false;
        _points = 0;
        _accesses = 0;
        Outcomes.Begin();
        _failuresLeft = 0;
        BeginLockOrder();
        _decisionCount = 0;
        _decisionHash = DecisionHashStart;
        TaskDecisions = 0;
        if (!_isPrepared)
        {
            RunAlone(Phase.Prepare);
            _isPrepared = _finding is null;
            _arena.TakeSnapshot();
            _current.Reset();
            _accesses = _finding is null ? 0 : _accesses;
        }
        else
        {
            _arena.Restore();
        }

        _failuresLeft = _allocationFailures;
        SkipTasksThatNeverStart();
    }

    private void RunAlone(Phase phase)
    {
        _current = _tasks[0];
        Recorder?.RunsAlone(phase == Phase.Check ? "check" : "teardown");
        var cpu = new DirectCpu(this);
        try
        {
            switch (phase)
            {
                case Phase.Prepare:
                    InitializeTasks();
                    _program.Prepare(cpu);
                    break;

                case Phase.Check:
                    _program.Check(cpu);
                    break;

                case Phase.Teardown:
                    _program.Teardown(cpu);
                    break;
            }
        }
        catch (RunFailedException failure)
        {
            Fail(failure.Kind, failure.Message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Fail(FindingKind.ModelError, $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    private unsafe void InitializeTasks()
    {
        foreach (ExploredTask task in _tasks)
        {
            TaskStruct memory = _arena.Task(task.Number);
            *(uint*)memory.OnCpu.Address = 1;
            *(uint*)memory.Number.Address = (uint)task.Number;
            *(uint*)memory.Cpu.Address = (uint)task.Spec.Cpu;
        }
    }

    // One turn of the loop is one turn of one task: from its resumption until it must let another one go first.
    private void RunTasks()
    {
        try
        {
            int chosen = AfterEnd();
            while (chosen != Nobody && _finding is null)
            {
                ExploredTask task = _tasks[chosen];
                _current = task;
                chosen = Turn(task) ? AfterEnd() : _next;
            }
        }
        catch (RunFailedException failure)
        {
            Fail(failure.Kind, failure.Message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Fail(FindingKind.ModelError, $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    // Whether the task has ended.
    private bool Turn(ExploredTask task)
    {
        if (!task.HasStarted)
        {
            BeginTask(task);
            task.Body = _program.Start(new ExploredCpu(this), task.Number);
        }
        else
        {
            task.Result = Perform(task.Op, task.At, task.Size, task.A, task.B);
            if (_finding is not null)
            {
                return false;
            }

            task.Resume();
        }

        if (_finding is not null || !(task.Body.HasEnded || _isCutting))
        {
            return false;
        }

        if (task.Body.HasEnded)
        {
            // Hands the outermost frame back, and throws what the model threw.
            task.Body.GetResult();
        }

        if (_isCutting)
        {
            EndCut(task);
        }

        EndTask(task);
        return true;
    }

    private void BeginTask(ExploredTask task)
    {
        task.HasStarted = true;
        EnterInterrupt(task);
        _races?.EnterCpu(task.Number);
    }

    private void EndTask(ExploredTask task)
    {
        task.IsDone = true;
        _ready &= ~task.Bit;
        SetPreemptible(task);
    }

    private int AfterEnd()
    {
        uint enabled = Enabled();
        if (enabled == 0)
        {
            if ((_ready | _waiting) == 0)
            {
                return Nobody;
            }

            enabled = Stuck();
        }

        return enabled == 0 ? Nobody : Choose(enabled);
    }

    // Nobody can run: fine for workers that have nothing left to serve, and otherwise a finding.
    private uint Stuck()
    {
        if (Drains())
        {
            uint enabled = Enabled();
            if (enabled != 0)
            {
                return enabled;
            }
        }

        (FindingKind kind, string text) = new WaitGraph(this, _tasks).Judge();
        Fail(kind, text);
        return 0;
    }

    // Whether workers are from now on told that nothing is left to serve, as only they are left.
    private bool Drains()
    {
        if (_isDraining || (_ready & ~_workers) != 0 || (_waiting & ~_workers) != 0)
        {
            return false;
        }

        _isDraining = true;
        return true;
    }

    private uint Enabled()
    {
        uint enabled = Runnable() & ~_masked;
        return _realTime == 0 ? enabled : Foremost(enabled);
    }

    // Whoever does not wait, whether or not its CPU is another's.
    private uint Runnable()
    {
        uint runnable = _ready;
        for (uint rest = _waiting; rest != 0; rest &= rest - 1)
        {
            ExploredTask task = _tasks[BitOperations.TrailingZeroCount(rest)];
            if (!MustWait(task))
            {
                runnable |= task.Bit;
            }
        }

        return runnable;
    }

    private int Choose(uint enabled)
    {
        if (_steps is not null)
        {
            return ChooseStep(_steps, enabled);
        }

        if ((enabled & (enabled - 1)) == 0)
        {
            return BitOperations.TrailingZeroCount(enabled);
        }

        int task = _strategy.NextTask(enabled, _current.Number);
        TaskDecisions++;
        Decided(task);
        return task;
    }

    private int ChooseStep(StepStrategy steps, uint enabled)
    {
        int task = steps.NextStep(enabled, _current.Number);
        if (task != Nobody && (enabled & (enabled - 1)) != 0)
        {
            TaskDecisions++;
            Decided(task);
        }

        return task;
    }

    private void SetPreemptible(ExploredTask task)
    {
        if (task.PreemptDepth != 0)
        {
            _steps?.TouchCpu(task.Spec.Cpu, isMasked: true);
        }

        task.PreemptDepth = 0;
        if (_hasInterrupts)
        {
            task.IrqDepth = task.IsDone ? 0 : task.IrqDepth;
            MaskForInterrupts();
            return;
        }

        foreach (ExploredTask other in _tasks)
        {
            if (other != task && other.Spec.Cpu == task.Spec.Cpu)
            {
                _masked &= ~other.Bit;
            }
        }
    }

    private enum Phase
    {
        Prepare,
        Check,
        Teardown,
    }
}
