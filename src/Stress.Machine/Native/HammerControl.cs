using System;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>Where the threads of a hammer run meet the one that supervises them: start, checkpoints, end.</summary>
internal sealed class HammerControl(NativeRun run)
{
    // Nobody relies on being woken: a lost signal costs this much, never a hang.
    private const int PatienceMs = 20;

    private readonly object _gate = new();
    private bool _started;
    private bool _pausing;
    private bool _ending;
    private int _ready;
    private int _paused;
    private int _ended;

    /// <summary>Whether threads are to stop after the operation that they are in. Read after each.</summary>
    public bool IsEnding => Volatile.Read(ref _ending);

    /// <summary>Whether threads are to wait at the checkpoint after the operation that they are in.</summary>
    public bool IsPausing => Volatile.Read(ref _pausing);

    /// <summary>Threads that wait for the start.</summary>
    public int Ready => Volatile.Read(ref _ready);

    /// <summary>Threads that wait at the checkpoint.</summary>
    public int Paused => Volatile.Read(ref _paused);

    /// <summary>Threads that have ended, workers included.</summary>
    public int Ended => Volatile.Read(ref _ended);

    /// <summary>Thread: waits for the others, and for the start.</summary>
    public void AwaitStart()
    {
        lock (_gate)
        {
            Volatile.Write(ref _ready, _ready + 1);
            Monitor.PulseAll(_gate);
        }

        // Spins, so that all leave together.
        var spinner = default(SpinWait);
        while (!Volatile.Read(ref _started))
        {
            run.ThrowIfStopping();
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Thread: waits at the checkpoint.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            Volatile.Write(ref _paused, _paused + 1);
            Monitor.PulseAll(_gate);
            while (_pausing && !run.IsStopping)
            {
                Monitor.Wait(_gate, PatienceMs);
            }

            Volatile.Write(ref _paused, _paused - 1);
        }
    }

    /// <summary>Thread: has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            Volatile.Write(ref _ended, _ended + 1);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Supervisor: lets the threads start.</summary>
    public void Start() => Volatile.Write(ref _started, true);

    /// <summary>Supervisor: asks the threads to wait at the checkpoint.</summary>
    public void RequestPause() => Volatile.Write(ref _pausing, true);

    /// <summary>Supervisor: lets them go on.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            Volatile.Write(ref _pausing, false);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Supervisor: asks the threads to end.</summary>
    public void RequestEnd()
    {
        Volatile.Write(ref _ending, true);
        Resume();
    }

    /// <summary>Supervisor: waits until a thread has reached something, or for a while.</summary>
    public void Wait(Func<bool> isReached)
    {
        lock (_gate)
        {
            if (!isReached())
            {
                Monitor.Wait(_gate, PatienceMs);
            }
        }
    }
}
