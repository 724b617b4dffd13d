using System;
using System.Linq;
using System.Threading;
using Stress.Machine;
using Xunit;

namespace Stress.Simulation.Tests;

/// <summary>Tasks that serve the others, and runs that get nowhere.</summary>
public sealed class WorkerTests
{
    private static readonly MachineModel s_broadwell = MachineLibrary.Load("broadwell-ep-2s");

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(54)]
    public void Workers_ServeAllOthers_AndAreNotMeasured(int cpus)
    {
        SimulationResult result = Simulator.Run<Served>(s_broadwell, Options(cpus));

        Assert.Equal((cpus, 50L * cpus), (result.Cpus, result.Operations));
        Assert.True(result.Busy <= cpus * result.Elapsed, "the worker's time is not among that of the others");
        Assert.Contains(
            result.Lines.SelectMany(line => line.Words), word => word is { Operation: "serve", Loads: > 0 });
    }

    [Fact]
    public void Workers_NeedCpusOfTheirOwn()
        => Assert.Contains(
            "has 56 CPUs; 56 are asked for, and 1 more for workers",
            Assert.Throws<ArgumentException>(() => Simulator.Run<Served>(s_broadwell, Options(56))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Run_ThatGetsNowhere_Hangs(int cpus)
    {
        RunFailedException failure = Assert.Throws<RunFailedException>(() => Simulator.Run<Looker>(
            s_broadwell, Options(cpus) with { Watchdog = TimeSpan.FromMilliseconds(2.5) }));

        Assert.Equal(FindingKind.Hang, failure.Kind);
        Assert.Equal("no task has ended an operation for 2.5 ms of the machine's time", failure.Message);
    }

    [Fact]
    public void Run_WhoseOperationsTakeLongerThanTheWatchdog_Hangs_AndOtherwiseEnds()
    {
        // A writer waits for a reader who holds the lock for about 40 us.
        SimulationOptions options = Options(1) with { Operations = 100 };

        Assert.True(Simulator.Run<Writers>(s_broadwell, options).Elapsed > 0);
        Assert.Throws<RunFailedException>(() => Simulator.Run<Writers>(
            s_broadwell, options with { Watchdog = TimeSpan.FromMicroseconds(10) }));
    }

    [Fact]
    public void Run_Cancelled_EndsInTheMiddleOfAnOperation()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.Throws<OperationCanceledException>(() => Simulator.Run<Looker>(
            s_broadwell, Options(2) with { Watchdog = TimeSpan.FromDays(1) }, cancel.Token));
    }

    private static SimulationOptions Options(int cpus)
        => new() { Cpus = cpus, Operations = 50, WarmUp = 10, ArenaBytes = 1 << 20 };
}
