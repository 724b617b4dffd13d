using System;
using System.Collections.Generic;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>Threads that do one thing together, again and again: started once, they meet before each round.</summary>
/// <remarks>
/// A round is one invocation of a benchmark, so it must not contain the start of a thread. All threads spin at the
/// rendezvous and leave it together; the caller's thread is the first of them.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    private readonly Thread[] _others;
    private readonly Rendezvous _rendezvous;
    private Action<int>? _body;
    private long _round;
    private int _working;

    /// <summary>Starts the threads. A caller that is to be kept to a CPU stays there: let it be a thread of its own.
    /// </summary>
    /// <param name="workers">How many, with the caller's: at least 1.</param>
    /// <param name="cpus">The CPU of the host for each worker; null to leave them to the scheduler.</param>
    /// <exception cref="ArgumentException">There are more workers than CPUs: two that spin on one CPU measure the
    /// scheduler.</exception>
    public WorkerPool(int workers, IReadOnlyList<int>? cpus = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        if (cpus is not null && cpus.Count < workers)
        {
            throw new ArgumentException($"{workers} workers need a CPU each; there are {cpus.Count}", nameof(cpus));
        }

        Workers = workers;
        _rendezvous = new Rendezvous(workers);
        _others = new Thread[workers - 1];
        for (int i = 0; i < _others.Length; i++)
        {
            int number = i + 1;
            _others[i] = new Thread(() => Serve(number, cpus)) { IsBackground = true, Name = $"worker {number}" };
            _others[i].Start();
        }

        Pin(0, cpus);
    }

    /// <summary>How many threads a round has.</summary>
    public int Workers { get; }

    /// <summary>Why threads are not kept to their CPUs; null when they are, or need not be.</summary>
    public string? PinningFailure { get; private set; }

    /// <summary>One round: each thread runs the body with its number, and none before all have arrived.</summary>
    public void Run(Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = body;
        Volatile.Write(ref _working, Workers);
        long round = _round + 1;
        Volatile.Write(ref _round, round);
        _rendezvous.Meet(round);
        body(0);
        Interlocked.Decrement(ref _working);
        SpinUntil(static pool => Volatile.Read(ref pool._working) == 0);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _body = null;
        Volatile.Write(ref _round, _round + 1);
        Array.ForEach(_others, static thread => thread.Join());
    }

    private void Pin(int number, IReadOnlyList<int>? cpus)
    {
        if (cpus is not null && HostAffinity.PinTo(cpus[number]) is { } failure)
        {
            PinningFailure = failure;
        }
    }

    private void Serve(int number, IReadOnlyList<int>? cpus)
    {
        Pin(number, cpus);
        for (long round = 1; ; round++)
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

            _rendezvous.Meet(round);
            body(number);
            Interlocked.Decrement(ref _working);
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
