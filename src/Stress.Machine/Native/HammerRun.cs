using System;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>One run of <see cref="Hammer"/>. The caller's thread supervises; all of the model runs on others.</summary>
/// <remarks>
/// 1. Prepare, alone. 2. The threads start together and work; checkpoints in between. 3. They end, then the workers.
/// 4. Check, teardown, and the look for leaks, alone. Any finding leads straight to the result.
/// Every wait of the supervisor is bounded by the watchdog; threads that do not end are left behind, with the memory.
/// </remarks>
internal sealed class HammerRun<TScenario, TCpu>
    where TScenario : struct, IScenario<TScenario>
    where TCpu : struct, IHostCpu<TCpu>
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly HammerOptions _options;
    private readonly HammerCast _cast;
    private readonly NativeMachine _machine;
    private readonly NativeRun _run;
    private readonly HammerControl _control;
    private readonly HammerThread[] _threads;
    private readonly HammerWatchdog _watchdog;
    private readonly HammerMeter _meter;
    private readonly HammerNotes _notes = new();
    private readonly TScenario _scenario;
    private readonly TCpu[] _cpus;
    private readonly int _players;
    private readonly Stopwatch _elapsed = new();
    private int _checkpoints;
    private bool _interrupted;
    private TaskTail[] _tails = [];
    private bool _abandoned;

    public HammerRun(HammerOptions options, HammerCast cast, NativeMachine machine)
    {
        _options = options;
        _cast = cast;
        _machine = machine;
        _run = machine.Run;
        _control = new HammerControl(_run);
        _threads = [.. machine.Tasks.Select(task => new HammerThread(
            task, cast.RoleOf[task.Number], cast.Tasks[task.Number].IsWorker))];
        _players = _threads.Count(static thread => !thread.IsWorker);
        _watchdog = new HammerWatchdog(machine, _threads, _control, options.Watchdog);
        _meter = new HammerMeter(options.Progress, _threads);
        _cpus = [.. machine.Tasks.Select(TCpu.Of)];
        _scenario = TScenario.At(machine.Root);
        NoteWhatIsNotObserved();
        _run.Noticed = () => Volatile.Write(ref _tails, [.. TailNotes.Take(machine, cast.RoleOf)]);
    }

    private bool IsCancelled => _options.Cancel.IsCancellationRequested;

    public HammerResult Run()
    {
        ImmutableArray<HammerCache> caches = [];
        if (RunAlone("Prepare", () => _scenario.Prepare(_cpus[0])))
        {
            StartThreads();
            Supervise();
            EndThreads();
            caches = _machine.CountObjects();
            Judge();
        }

        TimeSpan elapsed = _elapsed.Elapsed;
        var result = new HammerResult
        {
            Elapsed = elapsed,
            Seed = _options.Seed,
            Threads = _threads.Length,
            Roles = HammerFigures.Roles(_cast, _threads, elapsed),
            Locks = HammerFigures.Locks(_threads),
            Caches = caches,
            LockOrder = [.. _machine.LockOrder?.Facts ?? []],
            Checkpoints = _checkpoints,
            Finding = _run.Finding,
            HangReport = _watchdog.Report,
            Tails = [.. Volatile.Read(ref _tails)],
            Interrupted = _interrupted,
            Notes = _notes.ToArray(),
        };
        if (!_abandoned)
        {
            _machine.Dispose();
        }

        return result;
    }

    private void StartThreads()
    {
        foreach (HammerThread thread in _threads)
        {
            StartThread(thread.Task.Name, () => Main(thread));
        }

        while (_control.Ready < _threads.Length)
        {
            _control.Wait(() => _control.Ready == _threads.Length);
        }

        _elapsed.Start();
        _watchdog.Restart();
        _control.Start();
    }

    private void Main(HammerThread thread)
    {
        NativeTask task = thread.Task;
        Guard(task, () =>
        {
            if (_options.Pin && HostAffinity.Pin(task.Number) is { } note)
            {
                _notes.Add(note);
            }

            _control.AwaitStart();
            task.EnterCpu();
            task.IsDisturbed = true;
            if (thread.IsWorker)
            {
                Serve(thread);
            }
            else
            {
                Work(thread);
            }

            task.IsDisturbed = false;
            task.LeaveCpu();
        });
        thread.HasEnded = true;
        _control.End();
    }

    private void Work(HammerThread thread)
    {
        TCpu cpu = _cpus[thread.Task.Number];
        int role = thread.Role;
        long start = NativeTask.Now;
        while (!_control.IsEnding && !_run.IsStopping)
        {
            _scenario.Work(cpu, role);
            long end = NativeTask.Now;
            thread.Finish(end - start);
            start = end;
            if (_control.IsPausing)
            {
                Pause(thread);
                start = NativeTask.Now;
            }
        }
    }

    private void Pause(HammerThread thread)
    {
        thread.IsPaused = true;
        thread.Task.LeaveCpu();
        _control.Pause();
        thread.Task.EnterCpu();
        thread.IsPaused = false;
    }

    private void Serve(HammerThread thread)
    {
        TCpu cpu = _cpus[thread.Task.Number];
        do
        {
            long start = NativeTask.Now;
            _scenario.Work(cpu, thread.Role);
            thread.Finish(NativeTask.Now - start);
        }
        while (!_run.WorkersMayEnd);
    }

    private void Supervise()
    {
        var wall = Stopwatch.StartNew();
        TimeSpan nextCheckpoint = _options.CheckpointEvery;
        while (wall.Elapsed < _options.Duration && IsGoingOn())
        {
            _control.Wait(() => _run.IsStopping);
            if (_options.CheckpointEvery > TimeSpan.Zero && wall.Elapsed >= nextCheckpoint)
            {
                Checkpoint();
                nextCheckpoint = wall.Elapsed + _options.CheckpointEvery;
            }
        }

        _interrupted |= IsCancelled && wall.Elapsed < _options.Duration;
    }

    /// <summary>Says how far the run has come, and looks at everything that may end it early.</summary>
    private bool IsGoingOn()
    {
        _meter.Send(_elapsed.Elapsed, _checkpoints);
        return !_run.IsStopping && !IsCancelled && !_watchdog.HasHung();
    }

    private void Checkpoint()
    {
        _control.RequestPause();
        while (_control.Paused < _players && IsGoingOn())
        {
            _control.Wait(() => _control.Paused == _players);
        }

        if (_control.Paused == _players && !_run.IsStopping && !IsCancelled)
        {
            _elapsed.Stop();
            if (RunAlone("Check", () => _scenario.Check(_cpus[0])))
            {
                _checkpoints++;
            }

            _elapsed.Start();
        }

        _watchdog.Restart();
        _control.Resume();
    }

    private void EndThreads()
    {
        _control.RequestEnd();
        AwaitEnd(_players);
        _elapsed.Stop();
        _run.EndWorkers();
        _watchdog.Restart();
        AwaitEnd(_threads.Length);
        if (_run.IsStopping)
        {
            AwaitStopped();
        }
    }

    private void AwaitEnd(int threads)
    {
        var waited = Stopwatch.StartNew();
        while (_control.Ended < threads && !_run.IsStopping && !_watchdog.HasHung())
        {
            // An operation that takes its time is no finding, but the user wants to go.
            if (_interrupted && waited.Elapsed > s_grace)
            {
                _run.Stop();
                return;
            }

            _control.Wait(() => _control.Ended >= threads);
        }
    }

    /// <summary>After a finding: gives the threads time to see it, then leaves them behind.</summary>
    private void AwaitStopped()
    {
        var waited = Stopwatch.StartNew();
        while (_control.Ended < _threads.Length && waited.Elapsed < s_grace)
        {
            _control.Wait(() => _control.Ended == _threads.Length);
        }

        int left = _threads.Length - _control.Ended;
        if (left > 0)
        {
            _abandoned = true;
            _notes.Add($"{left} of {_threads.Length} threads did not end and were left behind");
        }
    }

    private void Judge()
    {
        if (_run.IsStopping
            || !RunAlone("Check", () => _scenario.Check(_cpus[0]))
            || !RunAlone("Teardown", () => _scenario.Teardown(_cpus[0])))
        {
            return;
        }

        // Last: an order that can deadlock is worth less than anything that did happen.
        HammerFinding? finding = _machine.CheckQuarantines() ?? _machine.CheckLeaks() ?? JudgeLockOrder();
        if (finding is not null)
        {
            _run.Report(finding);
        }
    }

    private HammerFinding? JudgeLockOrder()
        => _machine.LockOrder?.Closed is (var inversion, var last)
            ? new HammerFinding(FindingKind.LockOrder, inversion.Text, last.Task, last.Operation)
            {
                Inversion = inversion,
            }
            : null;

    /// <summary>Runs a part of the scenario as task 0, on a thread of its own that can be given up.</summary>
    /// <returns>Whether it came to its end.</returns>
    private bool RunAlone(string phase, Action body)
    {
        NativeTask task = _threads[0].Task;
        Thread thread = StartThread(phase, () => Guard(task, () =>
        {
            bool wasDisturbed = task.IsDisturbed;
            task.IsDisturbed = false;
            task.EnterCpu();
            body();
            task.LeaveCpu();
            task.IsDisturbed = wasDisturbed;
        }));
        var running = Stopwatch.StartNew();
        while (!thread.Join(millisecondsTimeout: 50))
        {
            _interrupted |= IsCancelled;
            if (_interrupted && running.Elapsed > s_grace)
            {
                _run.Stop();
            }

            _watchdog.HasHung(phase, running);
            if (_run.IsStopping && !thread.Join(s_grace))
            {
                _abandoned = true;
                _notes.Add($"{phase} did not end and was left behind");
                return false;
            }
        }

        return !_run.IsStopping;
    }

    private void Guard(NativeTask task, Action body)
    {
        try
        {
            body();
        }
        catch (RunFailedException)
        {
            // Recorded in the run before it was thrown.
        }
        catch (Exception exception)
        {
            _notes.Add($"{task.Name}: {exception}");
            _run.Report(new HammerFinding(
                FindingKind.ModelError,
                $"{exception.GetType().Name}: {exception.Message}",
                task.Name,
                task.Operation));
        }
    }

    private void NoteWhatIsNotObserved()
    {
        if (!_options.Observe && _options.Perturb > 0)
        {
            _notes.Add("accesses were not delayed: that needs observation");
        }

        if (!_options.Observe && _cast.SharesCpus)
        {
            _notes.Add("tasks that share a CPU were not kept apart: that needs observation");
        }
    }

    private static Thread StartThread(string name, ThreadStart body)
    {
        var thread = new Thread(body) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }
}
