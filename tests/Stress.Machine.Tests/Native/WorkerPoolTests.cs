using System;
using System.Threading;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_ManyRounds_RunsTheBodyOnceForEachWorkerAndRound(int workers)
    {
        const int Rounds = 100;
        int[] calls = new int[workers];
        using var pool = new WorkerPool(workers);

        for (int round = 1; round <= Rounds; round++)
        {
            pool.Run(worker => Interlocked.Increment(ref calls[worker]));

            // A round is over when the last body is.
            Assert.All(calls, count => Assert.Equal(round, count));
        }

        Assert.Equal(workers, pool.Workers);
    }

    [Fact]
    public void Constructor_MoreWorkersThanCpus_IsRefused()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new WorkerPool(3, [0, 1]));

        Assert.Contains("3 workers need a CPU each; there are 2", e.Message);
    }

    [Fact]
    public void Constructor_WithCpus_KeepsEachWorkerToItsOwn()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int cpu = HostAffinity.ProcessCpus()[0];
        int seen = -1;
        string? failure = "not run";
        var thread = new Thread(() =>
        {
            using var pool = new WorkerPool(1, [cpu]);
            failure = pool.PinningFailure;
            pool.Run(_ => seen = Thread.GetCurrentProcessorId());
        });
        thread.Start();
        thread.Join();

        Assert.Null(failure);
        Assert.Equal(cpu, seen);
    }
}
