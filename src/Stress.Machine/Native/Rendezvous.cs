using System.Threading;

namespace Stress.Machine.Native;

/// <summary>Where threads meet, again and again: none goes on before all have come.</summary>
/// <param name="parties">How many threads.</param>
public sealed class Rendezvous(int parties)
{
    private long _arrived;

    /// <summary>Comes, and spins until all others have come as often.</summary>
    /// <param name="round">How often the thread has come with this time: from 1.</param>
    public void Meet(long round)
    {
        Interlocked.Increment(ref _arrived);
        long all = round * parties;
        var spinner = default(SpinWait);
        while (Volatile.Read(ref _arrived) < all)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }
}
