using System;
using System.Threading.Channels;

namespace Stress.Machine.Native;

/// <summary>Tells a reader, if there is one, how far a hammer run has come.</summary>
internal sealed class HammerMeter(ChannelWriter<HammerProgress>? reader, HammerThread[] threads)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(200);

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
        reader.TryWrite(new HammerProgress(elapsed, operations, rate, checkpoints));
        _lastElapsed = elapsed;
        _lastOperations = operations;
    }
}
