using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
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
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromMilliseconds(200);

    private readonly HammerOptions _options;
    private readonly HammerCast _cast;
    private readonly NativeMachine _machine;
    private readonly NativeRun _run;
    private readonly HammerControl _control;
    private readonly HammerThread[] _threads;
    private readonly int _workers;
    private readonly TScenario _scenario;
    private readonly TCpu[] _cpus;
    private readonly HashSet<string> _notes = [];
    private readonly Stopwatch _elapsed = new();
    private readonly Stopwatch _sinceProgress = new();
    private long _lastProgress;
    private int _checkpoints;
    private bool _interrupted;
    private bool _abandoned;
    private string? _hangReport;
    private (long Operations, TimeSpan Elapsed) _lastNote;

    public HammerRun(HammerOptions options, HammerCast cast, NativeMachine machine)
    {
        _options = options;
        _cast = cast;
        _machine = machine;
        _run = machine.Run;
        _control = new HammerControl(_run);
        _threads = [.. cast.Tasks.Select((spec, i) => new HammerThread(machine.Tasks[i], cast.RoleOf[i], spec.IsWorker))];
        _workers = _threads.Count(static thread => thread.IsWorker);
        _cpus = [.. machine.Tasks.Select(TCpu.Of)];
        _scenario = TScenario.At(machine.Root);
        NoteWhatIsNotObserved();
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

        HammerResult result = MakeResult(caches);
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

        _sinceProgress.Restart();
        while (_control.Ready < _threads.Length && !_run.IsStopping)
        {
            _control.Wait(() => _control.Ready == _threads.Length);
        }

        _elapsed.Start();
        _sinceProgress.Restart();
        _control.Start();
    }

    private void Main(HammerThread thread)
    {
        NativeTask task = thread.Task;
        Guard(task, () =>
        {
            if (_options.Pin && HostAffinity.Pin(task.Number) is { } note)
            {
                Note(note);
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
                thread.IsPaused = true;
                thread.Task.LeaveCpu();
                _control.Pause();
                thread.Task.EnterCpu();
                thread.IsPaused = false;
                start = NativeTask.Now;
            }
        }
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

    /// <summary>Looks at everything that may end the run early, and says how far it has come.</summary>
    private bool IsGoingOn()
    {
        SendProgress();
        return !_run.IsStopping && !IsCancelled && !HasHung();
    }

    private void Checkpoint()
    {
        int expected = _threads.Length - _workers;
        _control.RequestPause();
        while (_control.Paused < expected && IsGoingOn())
        {
            _control.Wait(() => _control.Paused == expected);
        }

        if (_control.Paused == expected && !_run.IsStopping && !IsCancelled)
        {
            _elapsed.Stop();
            if (RunAlone("Check", () => _scenario.Check(_cpus[0])))
            {
                _checkpoints++;
            }

            _elapsed.Start();
        }

        _sinceProgress.Restart();
        _control.Resume();
    }

    private void EndThreads()
    {
        _control.RequestEnd();
        AwaitEnd(_threads.Length - _workers);
        _elapsed.Stop();
        _run.EndWorkers();
        _sinceProgress.Restart();
        AwaitEnd(_threads.Length);
        if (_run.IsStopping)
        {
            AwaitStopped();
        }
    }

    private void AwaitEnd(int threads)
    {
        var waited = Stopwatch.StartNew();
        while (_control.Ended < threads && !_run.IsStopping && !HasHung())
        {
            if (_interrupted && waited.Elapsed > s_grace)
            {
                // An operation that takes its time is no finding, but the user wants to go.
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
            _control.Resume();
            _control.Wait(() => _control.Ended == _threads.Length);
        }

        int left = _threads.Length - _control.Ended;
        if (left > 0)
        {
            _abandoned = true;
            Note($"{left} threads did not end and were left behind");
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

        HammerFinding? finding = _machine.CheckQuarantines() ?? _machine.CheckLeaks();
        if (finding is not null)
        {
            _run.Report(finding);
        }
    }

    /// <summary>Runs a part of the scenario as task 0, on a thread of its own that can be given up.</summary>
    /// <returns>Whether it came to its end.</returns>
    private bool RunAlone(string phase, Action body)
    {
        NativeTask task = _threads[0].Task;
        bool wasDisturbed = task.IsDisturbed;
        Thread thread = StartThread(phase, () => Guard(task, () =>
        {
            task.IsDisturbed = false;
            task.EnterCpu();
            body();
            task.LeaveCpu();
            task.IsDisturbed = wasDisturbed;
        }));
        var waited = Stopwatch.StartNew();
        while (!thread.Join(millisecondsTimeout: 50))
        {
            if (_run.Finding is null && waited.Elapsed > _options.Watchdog)
            {
                ReportHang($"{phase} did not end within {Seconds(_options.Watchdog)}");
            }

            _interrupted |= IsCancelled;
            if (_interrupted && waited.Elapsed > s_grace)
            {
                _run.Stop();
            }

            if (_run.IsStopping && !thread.Join(s_grace))
            {
                _abandoned = true;
                Note($"{phase} did not end and was left behind");
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
            Note($"{task.Name}: {exception}");
            _run.Report(new HammerFinding(
                FindingKind.ModelError,
                $"{exception.GetType().Name}: {exception.Message}",
                task.Name,
                task.Operation));
        }
    }

    private bool HasHung()
    {
        long progress = _threads.Sum(static thread => thread.Operations) + _control.Ended;
        if (progress != _lastProgress)
        {
            _lastProgress = progress;
            _sinceProgress.Restart();
        }

        if (_sinceProgress.Elapsed < _options.Watchdog)
        {
            return false;
        }

        ReportHang($"no operation was finished within {Seconds(_options.Watchdog)}");
        return true;
    }

    private void ReportHang(string text)
    {
        _hangReport ??= HangReport.Of(_machine, _threads);
        _run.Report(new HammerFinding(FindingKind.Hang, text, "", ""));
    }

    private void SendProgress()
    {
        TimeSpan elapsed = _elapsed.Elapsed;
        if (_options.Progress is not { } progress || elapsed - _lastNote.Elapsed < s_progressEvery)
        {
            return;
        }

        long operations = _threads.Where(static thread => !thread.IsWorker).Sum(static thread => thread.Operations);
        double seconds = (elapsed - _lastNote.Elapsed).TotalSeconds;
        progress.TryWrite(new HammerProgress(
            elapsed, operations, (operations - _lastNote.Operations) / seconds, _checkpoints));
        _lastNote = (operations, elapsed);
    }

    private HammerResult MakeResult(ImmutableArray<HammerCache> caches)
    {
        TimeSpan elapsed = _elapsed.Elapsed;
        return new HammerResult
        {
            Elapsed = elapsed,
            Seed = _options.Seed,
            Threads = _threads.Length,
            Roles = [.. _cast.Roles.Select((spec, role) => MakeRole(spec, role, elapsed))],
            Locks = MakeLocks(),
            Caches = caches,
            Checkpoints = _checkpoints,
            Finding = _run.Finding,
            HangReport = _hangReport,
            Interrupted = _interrupted,
            Notes = NotesInOrder(),
        };
    }

    private HammerRole MakeRole(TaskSpec spec, int role, TimeSpan elapsed)
    {
        HammerThread[] threads = [.. _threads.Where(thread => thread.Role == role)];
        var latency = new LatencyHistogram();

        // A thread that was left behind may still be writing.
        foreach (HammerThread thread in threads.Where(static thread => thread.HasEnded))
        {
            latency.Add(thread.Latency);
        }

        long operations = threads.Sum(static thread => thread.Operations);
        double rate = elapsed > TimeSpan.Zero ? operations / elapsed.TotalSeconds : 0;
        return new HammerRole(
            spec.Name, spec.IsWorker, threads.Length, operations, rate, HammerLatency.Of(latency));
    }

    private ImmutableArray<HammerLock> MakeLocks()
    {
        var table = new SortedDictionary<string, LockCounters>(StringComparer.Ordinal);
        foreach (ObservedTask task in _threads.Where(static thread => thread.HasEnded)
            .Select(static thread => thread.Task).OfType<ObservedTask>())
        {
            task.Locks.AddTo(table);
        }

        return
        [
            .. table.Values.Select(static counters => new HammerLock(
                counters.Name,
                counters.Acquisitions,
                counters.Contended,
                counters.WaitTotalNs,
                counters.WaitMaxNs)),
        ];
    }

    private void NoteWhatIsNotObserved()
    {
        if (_options.Observe)
        {
            return;
        }

        if (_options.Perturb > 0)
        {
            Note("accesses were not delayed: that needs observation");
        }

        if (_cast.SharesCpus)
        {
            Note("tasks that share a CPU were not kept apart: that needs observation");
        }
    }

    private void Note(string text)
    {
        lock (_notes)
        {
            _notes.Add(text);
        }
    }

    private ImmutableArray<string> NotesInOrder()
    {
        lock (_notes)
        {
            return [.. _notes.Order(StringComparer.Ordinal)];
        }
    }

    private static Thread StartThread(string name, ThreadStart body)
    {
        var thread = new Thread(body) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private static string Seconds(TimeSpan time)
        => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
