using System;
using System.Linq;
using System.Threading;

namespace Stress.Exploration;

/// <summary>Runs the workers of a search side by side.</summary>
internal static class SearchThreads
{
    /// <summary>Runs them until all have ended; the first on the calling thread.</summary>
    /// <param name="count">How many.</param>
    /// <param name="work">What a worker does, given its number.</param>
    /// <param name="stop">Ends the others when one throws.</param>
    /// <exception cref="InvalidOperationException">A worker has thrown.</exception>
    public static void Run(int count, Action<int> work, Action stop)
    {
        Exception? error = null;

        void Work(int number)
        {
            try
            {
                work(number);
            }
            catch (Exception caught) when (count > 1)
            {
                Volatile.Write(ref error, caught);
                stop();
            }
        }

        Thread[] threads = [.. Enumerable.Range(1, count - 1)
            .Select(number => new Thread(() => Work(number)) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        Work(0);
        Array.ForEach(threads, thread => thread.Join());
        if (error is not null)
        {
            throw new InvalidOperationException(error.Message, error);
        }
    }
}
