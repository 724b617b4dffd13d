using System;
using System.Threading;

namespace Stress.Benchmarks;

/// <summary>Threads that do one thing together, again and again: started once, they meet before each round.</summary>
/// <remarks>
/// A round is one invocation of a benchmark, so it must not contain the start of a thread. All threads spin at the
/// rendezvous and leave it together; the caller's thread is the first of them.
/// </remarks>
internal sealed class WorkerPool : IDisposable
{
    private readonly Thread[] _others;
    private Action<int>? _body;
    private int _round;
    private int _arrived;
    private int _working;

    public WorkerPool(int workers)
    {
        Workers = workers;
        _others = new Thread[workers - 1];
        for (int i = 0; i < _others.Length; i++)
        {
            int number = i + 1;
            _others[i] = new Thread(() => Serve(number)) { IsBackground = true, Name = $"worker {number}" };
            _others[i].Start();
        }
    }

    /// <summary>How many threads a round has.</summary>
    public int Workers { get; }

    /// <summary>One round: each thread runs the body with its number.</summary>
    public void Run(Action<int> body)
    {
        _body = body;
        Volatile.Write(ref _working, Workers);
        int round = _round + 1;
        Volatile.Write(ref _round, round);
        Meet(round);
        body(0);
        Interlocked.Decrement(ref _working);
        SpinUntil(static pool => Volatile.Read(ref pool._working) == 0);
    }

    public void Dispose()
    {
        _body = null;
        Volatile.Write(ref _round, _round + 1);
        Array.ForEach(_others, static thread => thread.Join());
    }

    private void Serve(int number)
    {
        for (int round = 1; ; round++)
        {
            var spinner = default(SpinWait);
            while (Volatile.Read(ref _round) < round)
            {
                spinner.SpinOnce(sleep1Threshold: -1);
            }

            if (_body is not { } body)
            {
                return;
            }

            Meet(round);
            body(number);
            Interlocked.Decrement(ref _working);
        }
    }

    private void Meet(int round)
    {
        Interlocked.Increment(ref _arrived);
        int all = round * Workers;
        var spinner = default(SpinWait);
        while (Volatile.Read(ref _arrived) < all)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void SpinUntil(Func<WorkerPool, bool> condition)
    {
        var spinner = default(SpinWait);
        while (!condition(this))
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }
}
