using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

/// <summary>A run that fails says what each task did last; one that does not says nothing.</summary>
public sealed class TaskTailTests
{
    // Each operation may enclose another, open ones come on top.
    private const int MostOperations = 32;

    private static readonly HammerOptions s_short = new()
    {
        Threads = 2,
        Duration = TimeSpan.FromMilliseconds(200),
        CheckpointEvery = TimeSpan.FromMilliseconds(50),
        Watchdog = TimeSpan.FromSeconds(20),
        ArenaBytes = 4 << 20,
    };

    private static readonly HammerOptions s_untilFound = s_short with { Duration = TimeSpan.FromSeconds(20) };

    [Fact]
    public void Tails_Hang_NameTheOpenOperationsAndWhatTheyWaitForAndHold()
    {
        HammerResult result = Hammer.Run<OppositeOrders>(
            s_untilFound with { Watchdog = TimeSpan.FromMilliseconds(500), CheckpointEvery = TimeSpan.Zero });

        Assert.Equal(["forward", "backward"], result.Tails.Select(tail => tail.Task));
        Assert.Equal([0, 1], result.Tails.Select(tail => tail.Role));
        for (int role = 0; role < 2; role++)
        {
            TailOperation open = result.Tails[role].Operations[^1];
            Assert.True(open.IsOpen);
            Assert.Equal($"take_both({role}) ...", open.ToString());
            Assert.Equal(role, Assert.Single(open.Arguments));
        }

        Assert.StartsWith("lock_b (root.LockB", result.Tails[0].Waits, StringComparison.Ordinal);
        Assert.EndsWith("held by backward", result.Tails[0].Waits, StringComparison.Ordinal);
        Assert.StartsWith("lock_a (root.LockA", result.Tails[0].Holds, StringComparison.Ordinal);
    }

    [Fact]
    public void Tails_FindingAtACheckpoint_HoldTheLastOperationsInTheOrderOfTheirEnds()
    {
        HammerResult result = Hammer.Run<PlainCounter<No>>(s_untilFound with { Perturb = 0.05 });

        Assert.Equal(FindingKind.Invariant, result.Finding?.Kind);
        Assert.Equal(2, result.Tails.Length);
        Assert.All(result.Tails, tail => Assert.InRange(tail.Operations.Length, 1, MostOperations));
        Assert.All(
            result.Tails.SelectMany(tail => tail.Operations),
            operation => Assert.Equal("count_up()", operation.ToString()));
        Assert.All(result.Tails.SelectMany(tail => tail.Operations), operation => Assert.False(operation.IsOpen));
        Assert.All(result.Tails, tail => Assert.Equal(Ends(tail).Order(), Ends(tail)));
        List<int?> all = [.. result.Tails.SelectMany(Ends).Order()];
        Assert.Equal(Enumerable.Range(1, all.Count).Select(place => (int?)place), all);
    }

    [Fact]
    public void Tails_FindingInAnOperation_EndWithIt()
    {
        HammerResult result = Hammer.Run<OneMistake<FreesTwice>>(s_untilFound with { Threads = 1 });

        Assert.Equal(FindingKind.DoubleFree, result.Finding?.Kind);
        TailOperation last = Assert.Single(result.Tails).Operations[^1];
        Assert.True(last.IsOpen);
        Assert.Equal("make(0, 7) ...", last.ToString());
        Assert.Null(last.Result);
    }

    [Fact]
    public void Tails_NoFinding_AreEmpty()
        => Assert.Empty(Hammer.Run<PlainCounter<Yes>>(s_short).Tails);

    [Fact]
    public void Tails_BareCpu_AreEmpty()
    {
        HammerResult result = Hammer.Run<OneMistake<FreesTwice>>(s_untilFound with { Observe = false });

        Assert.NotNull(result.Finding);
        Assert.Empty(result.Tails);
    }

    [Fact]
    public void Tails_NestedAndLongRunning_KeepTheOpenOperationAndItsDepth()
    {
        HammerResult result = Hammer.Run<NestsDeeply>(s_untilFound with { Threads = 1 });

        ImmutableArray<TailOperation> operations = Assert.Single(result.Tails).Operations;
        Assert.Equal("outer() ...", operations[0].ToString());
        Assert.Equal(0, operations[0].Depth);
        Assert.Equal(MostOperations + 1, operations.Length);
        Assert.Equal(
            Enumerable.Range(69, 31).Select(i => $"inner({i}) = {2 * i}"),
            operations[1..^1].Select(operation => operation.ToString()));
        Assert.Equal("inner(100) ...", operations[^1].ToString());
        Assert.All(operations[1..], operation => Assert.Equal(1, operation.Depth));
    }

    private static IEnumerable<int?> Ends(TaskTail tail) => tail.Operations.Select(operation => operation.Ended);
}

/// <summary>Fails in the hundredth operation inside of one.</summary>
internal readonly partial struct NestsDeeply(nint root) : IScenario<NestsDeeply>
{
    public static ScenarioPlan Plan => new()
    {
        Tasks = ScenarioPlan.OwnCpus("only"),
        RootBytes = TestRoot.Bytes,
    };

    public static NestsDeeply At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Label(new TestRoot(root), "root");

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("outer");
        for (long i = 0; i <= 100; i++)
        {
            cpu.Enter("inner", i);
            cpu.BugOn(i == 100, "BUG_ON(i == 100)");
            cpu.Leave(2 * i);
        }

        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}
