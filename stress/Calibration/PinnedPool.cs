using System;
using System.Collections.Generic;
using Stress.Machine.Native;

namespace Stress.Calibration;

/// <summary>Threads that are kept to a CPU each and begin together.</summary>
internal static class PinnedPool
{
    /// <summary>Does something with a pool of threads, which is gone afterwards.</summary>
    /// <param name="cpus">The CPU of each thread.</param>
    /// <param name="body">What is done, on the first of the threads.</param>
    /// <exception cref="PlatformNotSupportedException">Threads cannot be kept to CPUs here.</exception>
    public static T Run<T>(IReadOnlyList<int> cpus, Func<WorkerPool, T> body) => PinnedThread.Run(cpus[0], () =>
    {
        using var pool = new WorkerPool(cpus.Count, cpus);
        return pool.PinningFailure is { } reason ? throw new PlatformNotSupportedException(reason) : body(pool);
    });

    /// <summary>One round, in which each thread times something.</summary>
    /// <returns>The time of the first thread.</returns>
    public static double TimeOfFirst(this WorkerPool pool, Func<int, double> time)
    {
        double first = 0;
        pool.Run(worker =>
        {
            double own = time(worker);
            if (worker == 0)
            {
                first = own;
            }
        });
        return first;
    }
}
