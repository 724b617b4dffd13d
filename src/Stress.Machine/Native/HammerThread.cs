using System.Threading;

namespace Stress.Machine.Native;

/// <summary>What one thread of a hammer run counts. Written by the thread, read by the supervisor.</summary>
internal sealed class HammerThread(NativeTask task, int role, bool isWorker)
{
    private long _operations;
    private bool _ended;
    private bool _paused;

    public NativeTask Task => task;

    public int Role => role;

    public bool IsWorker => isWorker;

    /// <summary>Durations of its operations; read it when the thread has ended.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>How many it has finished.</summary>
    public long Operations => Volatile.Read(ref _operations);

    public bool HasEnded
    {
        get => Volatile.Read(ref _ended);
        set => Volatile.Write(ref _ended, value);
    }

    public bool IsPaused
    {
        get => Volatile.Read(ref _paused);
        set => Volatile.Write(ref _paused, value);
    }

    public LinePadding Padding { get; }

    /// <summary>Counts a finished operation.</summary>
    /// <param name="nanoseconds">How long it took.</param>
    public void Finish(long nanoseconds)
    {
        Latency.Record(nanoseconds);
        Volatile.Write(ref _operations, _operations + 1);
    }
}
