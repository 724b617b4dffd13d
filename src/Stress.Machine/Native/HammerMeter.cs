using System;
using System.Linq;
using System.Threading.Channels;

namespace Stress.Machine.Native;

/// <summary>Tells a reader, if there is one, how far a hammer run has come.</summary>
internal sealed class HammerMeter(ChannelWriter<HammerProgress>? reader, HammerThread[] threads)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(200);

    private readonly long[] _before = new long[threads.Length];
    private TimeSpan _lastElapsed;
    private long _lastOperations;

    /// <summary>Sends a note if it is time for one. Never waits.</summary>
    public void Send(TimeSpan elapsed, int checkpoints)
    {
        TimeSpan passed = elapsed - _lastElapsed;
        if (reader is null || passed < s_every)
        {
            return;
        }

        long operations = HammerFigures.Operations(threads);
        double rate = (operations - _lastOperations) / passed.TotalSeconds;
        reader.TryWrite(new HammerProgress(elapsed, operations, rate, checkpoints)
        {
            Threads = [.. threads.Select((thread, i) => Note(thread, ref _before[i], passed))],
        });
        _lastElapsed = elapsed;
        _lastOperations = operations;
    }

    private static ThreadProgress Note(HammerThread thread, ref long before, TimeSpan passed)
    {
        long operations = thread.Operations;
        double rate = (operations - before) / passed.TotalSeconds;
        before = operations;
        return new ThreadProgress(
            thread.Task.Name, operations, rate,
            thread.HasEnded ? ThreadState.Ended : thread.IsPaused ? ThreadState.Paused : ThreadState.Running);
    }
}
