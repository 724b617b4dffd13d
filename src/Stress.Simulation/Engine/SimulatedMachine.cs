using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Stress.Machine;

namespace Stress.Simulation;

/// <summary>Runs the tasks of a scenario on virtual CPUs, in virtual time, on the calling thread.</summary>
/// <remarks>
/// Each task has a CPU of its own and a clock of its own. An access to a line that its core may use needs nobody else,
/// so the task runs ahead of the others with it, by <see cref="MaxAhead"/> at most. For any other line it waits until
/// its clock is the earliest, asks the directory, and makes the access when the line has arrived: so what different
/// cores do to a line happens in the order of their clocks. The outcome depends on the arguments alone.
/// Workers of the scenario serve the others on CPUs of their own, and are not measured.
/// Not modelled: instruction caches and TLBs, speculation, the order of a core's own accesses beyond the store buffer,
/// conflict misses (private caches are fully associative, by least recent use), bandwidth of memory and of links.
/// </remarks>
internal sealed unsafe partial class SimulatedMachine : IDisposable
{
    // How far a task may run ahead of the others on lines of its own, in picoseconds.
    private const long MaxAhead = 1_000_000;

    // How often the run is looked after, in picoseconds of its own time: a few milliseconds of the host's.
    private const long LookEvery = 1_000_000_000;

    private readonly MachineModel _model;
    private readonly Directory _directory;
    private readonly SimulatedArena _arena;
    private readonly SimulatedProgram _program;
    private readonly SimulatedTask[] _tasks;
    private readonly Agent[] _agents;
    private readonly AgentQueue _queue;
    private readonly Xoshiro256[] _random;
    private readonly nint _base;
    private readonly nuint _bytes;
    private readonly SimulationOptions _options;
    private readonly long _warmUp;
    private readonly long _measured;
    private readonly CancellationToken _cancel;

    private SimulatedTask _current;

    // Until when the running task may go on without a look at the others.
    private long _limit;

    // When the run is looked after next, and when an operation ended last.
    private long _lookAt;
    private long _endedAt;

    // Prepare, Check and Teardown: everything is made at once and costs nothing.
    private bool _isAlone = true;

    // Tasks, without workers, that have operations left.
    private int _running;

    public SimulatedMachine(
        SimulatedProgram program, MachineModel model, SimulationOptions options, CancellationToken cancel)
    {
        _program = program;
        _model = model;
        _warmUp = options.WarmUp;
        _measured = options.Operations;
        _cancel = cancel;
        _tasks = [.. RolesOf(program.Plan, options.Cpus).Select(
            (role, cpu) => new SimulatedTask(cpu, model.CoreOf(cpu), role, isWorker: cpu >= options.Cpus))];
        _arena = new SimulatedArena(program.Plan, _tasks.Length, _tasks.Length, options.ArenaBytes, options.Seed);
        _base = _arena.Base;
        _bytes = (nuint)_arena.Bytes;
        _options = options;
        int lines = _arena.Bytes >> LineShift;
        _directory = new Directory(model, options.Moved is null ? lines : lines + MovedLines);
        _random = [.. _tasks.Select(task => new Xoshiro256(SplitMix64.Derive(options.Seed, (ulong)task.Number)))];
        _workers = [.. _tasks.Where(static task => task.IsWorker)];
        foreach (SimulatedTask task in _tasks)
        {
            task.Sibling = _tasks.FirstOrDefault(other => other != task && other.Core == task.Core);
        }

        _caches = new PrivateCaches(model, _directory.Lines);
        _tags = new HitTags(_caches, _directory);
        _prefetchers = new PairPrefetchers(
            model.Cores, options.Prefetches && model.FetchesPairs ? model.PairRequests : 0, _tasks.Length);
        _agents = [.. _tasks.Select(task => task.Agent), .. _prefetchers.Agents];
        _queue = new AgentQueue(_agents);
        _countedLines = new CountedLines(lines);
        Statistics = new Counters(options.WarmUp, _countedLines);
        _operations = new OperationTable(model.Work, program.Plan.UnmeasuredOperations);
        _stores = [.. _tasks.Select(_ => new long[model.StoreBuffer])];
        _reach = model.Transfers.Skip((int)Distance.Near).Min(cost => Math.Min(cost.Load, cost.Own)) * 2 / 3;
        _userWork = model.Work.GetValueOrDefault("user");
        _clearWork = model.Work.GetValueOrDefault("clear_page");
        _l1Lines = _caches.L1Lines;
        Switch(_tasks[0], 0);
        _arena.Taken = TakePages;
        program.Place(_arena.Root);
    }

    public SimulatedArena Arena => _arena;

    public SimulatedTask Current => _current;

    /// <summary>Which lines are counted together.</summary>
    public CountedLines CountedLines => _countedLines;

    public int CpuCount => _tasks.Length;

    /// <summary>The tasks that are measured: all but workers.</summary>
    public IEnumerable<SimulatedTask> Players => _tasks.Where(static task => !task.IsWorker);

    /// <summary>How often an agent acted: what a simulation costs the host.</summary>
    public long Turns { get; private set; }

    public ulong Nanoseconds => (ulong)(_current.Agent.Clock / 1000);

    /// <summary>Runs everything: the preparation, the tasks, the check of what they left, and the end.</summary>
    /// <exception cref="RunFailedException">The model failed, nobody can go on, or nobody gets anywhere.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run()
    {
        InitializeTasks();
        RunAlone(_program.Prepare(new SimulatedCpu(this)));
        if (_options.Moved is { } field)
        {
            MoveFields(field);
        }

        _isAlone = false;
        foreach (SimulatedTask task in _tasks)
        {
            task.IsRunning = true;
            _queue.Add(task.Agent);
        }

        _running = Players.Count();
        LookAfter(0);
        while (!_queue.IsEmpty)
        {
            Turns++;
            Agent agent = _queue.Take();
            if (agent.Clock > _lookAt)
            {
                LookAfter(agent.Clock);
            }

            Turn(agent);
        }

        if (_tasks.Count(static task => !task.IsDone) is > 0 and int waiting)
        {
            throw new RunFailedException(
                FindingKind.Deadlock, $"{waiting} of {_tasks.Length} tasks wait for each other");
        }

        _isAlone = true;
        Switch(_tasks[0], 0);
        RunAlone(_program.Check(new SimulatedCpu(this)));
        RunAlone(_program.Teardown(new SimulatedCpu(this)));
    }

    public void Dispose() => _arena.Dispose();

    internal static T From<T>(ulong raw)
        where T : unmanaged
        => *(T*)&raw;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Raw<T>(T value)
        where T : unmanaged
    {
        ulong raw = 0;
        *(T*)&raw = value;
        return raw;
    }

    internal static Step Judge(bool isWrong, FindingKind kind, string text)
        => isWrong ? throw new RunFailedException(kind, text) : default;

    internal uint Draw(uint count) => _random[_current.Number].Next(count);

    internal nint Alloc(SlabCache cache) => _arena.Alloc(cache);

    internal Step Free(SlabCache cache, nint at)
    {
        _arena.Free(cache, at);
        return default;
    }

    internal Step<bool> HasPassed(ulong deadline)
    {
        // A look at the clock takes a moment, so that who polls it gets there.
        Spend(_model.L1Hit);
        return new Step<bool>(Nanoseconds >= deadline);
    }

    private static void RunAlone(Flow flow)
    {
        if (!flow.HasEnded)
        {
            throw new RunFailedException(FindingKind.Deadlock, "a task that runs alone waits");
        }

        flow.GetResult();
    }

    private void InitializeTasks()
    {
        foreach (SimulatedTask task in _tasks)
        {
            TaskStruct memory = _arena.Task(task.Number);
            *(uint*)memory.OnCpu.Address = 1;
            *(uint*)memory.Number.Address = (uint)task.Number;
            *(uint*)memory.Cpu.Address = (uint)task.Number;
        }
    }

    // All tasks have come this far.
    private void LookAfter(long now)
    {
        _cancel.ThrowIfCancellationRequested();
        long watchdog = _options.Watchdog.Ticks * (1_000_000_000_000 / TimeSpan.TicksPerSecond);
        if (now - _endedAt > watchdog)
        {
            string time = _options.Watchdog.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
            throw new RunFailedException(
                FindingKind.Hang, $"no task has ended an operation for {time} ms of the machine's time");
        }

        if (now > AgentQueue.LatestTime - (2 * LookEvery))
        {
            throw new RunFailedException(
                FindingKind.ModelError,
                $"the machine's clock ends here, at {now / 1_000_000_000_000} s of its time: let it make fewer operations");
        }

        _lookAt = now + Math.Min(LookEvery, watchdog);
    }

    // The earliest agent acts.
    private void Turn(Agent agent)
    {
        switch (agent.Phase)
        {
            case AgentPhase.Grant:
                Grant(agent);
                break;

            case AgentPhase.Arrive:
                Switch(agent.Task!, _queue.Earliest);
                if (Complete(_current))
                {
                    GoOn(_current);
                }

                break;

            default:
                Switch(agent.Task!, _queue.Earliest);
                if (_current.Op == SimulatedOp.None || TryAccess(_current))
                {
                    GoOn(_current);
                }

                break;
        }
    }

    // The task runs until it has to wait, or has made all its operations.
    private void GoOn(SimulatedTask task)
    {
        task.Op = SimulatedOp.None;
        if (task.Innermost is not null)
        {
            task.Resume();
        }
        else
        {
            Begin(task);
        }

        while (task.Op == SimulatedOp.None && task.Body.HasEnded && !task.IsDone)
        {
            task.Body.GetResult();
            End(task);
            if (!task.IsDone)
            {
                Begin(task);
            }
        }
    }

    private void Begin(SimulatedTask task)
    {
        Spend(_userWork);
        task.Body = _program.Work(new SimulatedCpu(this), task.Role);
    }

    private void End(SimulatedTask task)
    {
        _endedAt = Math.Max(_endedAt, task.Agent.Clock);
        if (task.IsWorker)
        {
            task.IsDone = true;
            task.IsRunning = false;
            return;
        }

        task.Operations++;
        if (task.Operations == _warmUp)
        {
            WarmWorkers();
            task.MeasuredFrom = task.Agent.Clock;
            task.SystemTime = 0;
            task.SleepTime = 0;
        }

        if (task.Operations == _warmUp + _measured)
        {
            task.MeasuredTo = task.Agent.Clock;
            task.IsDone = true;
            task.IsRunning = false;
            _running--;
            if (_running == 0)
            {
                ReleaseWorkers(task);
            }
        }
    }
}
