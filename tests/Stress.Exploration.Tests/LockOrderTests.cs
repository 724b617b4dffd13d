using System;
using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>Circles in the order of locks are found without a deadlock, explored and hammered; right orders are not.
/// </summary>
public sealed class LockOrderTests
{
    private const string Circle = "locks are taken in a circle: ";
    private const string SameClass = "a second lock of the same class is taken: ";
    private const string Interrupt = "an interrupt closes a circle of locks: ";

    /// <summary>Wrong orders: the text, and the lines of the tasks.</summary>
    public static TheoryData<string, string[]> Wrong => new()
    {
        { Circle + "A -> B -> A", ["one: A B -B -A", "two: B A -A -B"] },
        { Circle + "A -> B -> A", ["one: A B -B -A B A -A -B"] },
        { Circle + "A -> B -> A", ["one: A B -B -A | B A -A -B"] },
        { Circle + "A -> B -> A", ["one: A:r B -B -A", "two: B A -A -B"] },
        { Circle + "A -> B -> A", ["one: A B:r -B -A", "two: B:r A -A -B", "three: B -B"] },
        { Circle + "A -> B -> A", ["one: A:r B:r -B -A", "two: B:r A:r -A -B", "three: A -A B -B"] },
        { Circle + "A -> B -> A", ["one: ?A B -B -A", "two: B A -A -B"] },
        { Circle + "A -> B -> C -> A", ["one: A B -B -A", "two: B C -C -B", "three: C A -A -C"] },
        { Circle + "A -> A/1 -> A", ["one: A A1/1 -A1 -A", "two: A/1 A1 -A1 -A"] },
        { SameClass + "A -> A", ["one: A A1 -A1 -A"] },
        { SameClass + "A -> A", ["one: A:r A1:r -A1 -A", "two: A -A"] },
        { SameClass + "A -> A", ["one: A:r A:r -A -A", "two: A -A"] },
        { Interrupt + "A -irq-> A", ["one: A -A", "irq: A -A"] },
        { Interrupt + "A -irq-> A", ["one: ?A -A", "irq: A -A"] },
        { Interrupt + "A -irq-> A", ["one: cli A sti -A", "irq: A -A"] },
        { Interrupt + "A -irq-> A", ["one: off A -A on", "irq: A -A"] },
        { Interrupt + "A -> B -irq-> A", ["one: cli A B -B -A sti", "two: B -B", "irq: A -A"] },
    };

    /// <summary>The right order for each of them.</summary>
    public static TheoryData<string[]> Right => new()
    {
        { ["one: A B -B -A", "two: A B -B -A"] },
        { ["one: A B -B -A A -A B -B"] },
        { ["one: A B -B -A | A -A B -B"] },
        { ["one: A:r B -B -A", "two: B -B A -A"] },
        { ["one: A:r B:r -B -A", "two: B:r A:r -A -B"] },
        { ["one: A:r B:r -B -A", "two: B:r A:r -A -B", "three: A -A"] },
        { ["one: A:r B:r -B -A", "two: B:r A:r -A -B", "three: ?A -A ?B -B"] },
        { ["one: A ?B -B -A", "two: B A -A -B"] },
        { ["one: A B -B -A", "two: B C -C -B", "three: A C -C -A"] },
        { ["one: A A1/1 -A1 -A", "two: A A1/1 -A1 -A"] },
        { ["one: A ?A1 -A1 -A"] },
        { ["one: A:r A1:r -A1 -A", "two: A:r -A"] },
        { ["one: cli A -A sti", "irq: A -A"] },
        { ["one: A -A", "irq: ?A -A"] },
        { ["one: cli A B -B -A sti", "two: cli B -B sti", "irq: A -A"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Explore_WrongOrder_IsFoundThoughNothingDeadlocks(string text, string[] lines)
    {
        LockScript.Lines = lines;
        Finding found = Assert.IsType<Finding>(Explore.Run<LockScript>(schedules: 200).Finding);

        Assert.Equal((FindingKind.LockOrder, text), (found.Kind, found.Text));
        Assert.Equal(found.ReproducedOf, found.Reproduced);
        Assert.All(found.Inversion!.Lines, line => Assert.InRange(line.Length, 1, 120));
        Assert.Equal(10, Replay(found.Trace).Matched);
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void Explore_RightOrder_IsClean(string[] lines)
    {
        LockScript.Lines = lines;

        Assert.Null(Explore.Run<LockScript>(schedules: 200).Finding);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Exhaust_WrongOrder_IsFoundAndNotVerified(string text, string[] lines)
    {
        LockScript.Lines = lines;
        ExploreResult result = Explore.Run<LockScript>(schedules: 100_000, strategy: "exhaustive");

        Assert.Equal((FindingKind.LockOrder, text), (result.Finding?.Kind, result.Finding?.Text));
        Assert.False(result.IsVerified);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Hammer_WrongOrder_IsFound(string text, string[] lines)
    {
        LockScript.Lines = lines;
        HammerFinding? found = Hammered().Finding;

        Assert.Equal((FindingKind.LockOrder, text), (found?.Kind, found?.Text));
        Assert.NotEmpty(found!.Inversion!.Lines);
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void Hammer_RightOrder_IsClean(string[] lines)
    {
        LockScript.Lines = lines;
        HammerResult result = Hammered();

        Assert.Null(result.Finding);
        Assert.NotEmpty(result.LockOrder);
    }

    [Fact]
    public void Explore_CircleOfSeveralRuns_KeepsTheOtherChainsInItsTrace()
    {
        LockScript.Lines = ["one: A B -B -A | B A -A -B"];
        Finding one = Explore.Run<LockScript>(workers: 1).Finding!;
        Finding three = Explore.Run<LockScript>(workers: 3).Finding!;

        LockOrderFact other = Assert.Single(one.Trace.LockOrder!);
        Assert.Equal(2, one.Inversion!.Steps.Count);
        Assert.Contains(other.Key, one.Inversion.Facts.Select(fact => fact.Key));
        Assert.Equal(one.Trace.Sealed().Checksum, three.Trace.Sealed().Checksum);
        Assert.Equal(one.Inversion.ToString(), three.Inversion!.ToString());
        Assert.NotEqual(10, Replay((one.Trace with { LockOrder = [] }).Sealed()).Matched);
    }

    [Fact]
    public void Explore_SameSeed_ShowsTheSameOrderOnAnyNumberOfWorkers()
    {
        LockScript.Lines =
        [
            "one: A B -B -A | A -A B C -C -B", "two: A B:r C:r -C -B -A | C:r -C", "three: B -B | A C -C -A",
        ];

        string one = string.Join('\n', Explore.Run<LockScript>(workers: 1).LockOrder);
        string three = string.Join('\n', Explore.Run<LockScript>(workers: 3).LockOrder);

        Assert.Equal(one, three);
        Assert.Contains("two, in act: takes C (read) while it holds A, B (read)", one, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_OrderThatDoesDeadlock_IsReportedAsTheDeadlock()
    {
        LockScript.Lines = ["one: !A !B -B -A", "two: !B !A -A -B"];

        Assert.Equal(FindingKind.Deadlock, Explore.Run<LockScript>().Finding?.Kind);
    }

    [Fact]
    public void Explore_SwitchedOff_FindsNothing()
    {
        LockScript.Lines = ["one: A B -B -A", "two: B A -A -B"];
        (Scenario scenario, Variant variant) = Explore.Named<LockScript>();
        ExploreResult result = Explorer.Explore<LockScript>(
            scenario, variant, new ExploreOptions { Schedules = 200, LockOrder = false });

        Assert.Null(result.Finding);
        Assert.Empty(result.LockOrder);
        Assert.Null(Hammered(isWatched: false).Finding);
    }

    [Theory]
    [InlineData("one: !A -A")]
    [InlineData("one: off !A -A on")]
    public void Explore_InterruptThatWaitsForWhomItInterrupts_Deadlocks(string line)
    {
        LockScript.Lines = [line, "irq: !A -A"];
        Finding found = Explore.Run<LockScript>().Finding!;

        Assert.Equal(FindingKind.Deadlock, found.Kind);
        Assert.Contains("one is interrupted by irq", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_InterruptsOff_KeepTheHandlerOut()
    {
        LockScript.Lines = ["one: off cli !A -A sti on", "irq: !A -A"];

        Assert.Null(Explore.Run<LockScript>().Finding);
    }

    [Fact]
    public void Knows_KnownAcquisition_AllocatesNothing()
    {
        var watch = new LockOrderWatch();
        HeldLock[] held = [new(8, new LockClass("A"), 0, LockMode.Exclusive)];
        var taken = new HeldLock(16, new LockClass("B"), 1, LockMode.Shared);
        watch.Learn(held, taken, isTry: false, LockContext.InterruptsOn, "one", "");
        watch.Learn([], held[0], isTry: false, LockContext.InterruptsOn, "one", "");

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isKnown = watch.Knows(held, taken, isTry: false, LockContext.InterruptsOn);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(isKnown);
        Assert.Equal(0, bytes);
        Assert.False(watch.Knows(held, taken with { Mode = LockMode.Exclusive }, false, LockContext.InterruptsOn));
    }

    private static ReplayResult Replay(Trace trace)
    {
        (Scenario scenario, Variant variant) = Explore.Named<LockScript>();
        return Explorer.Replay<LockScript>(scenario, variant, trace, 10);
    }

    private static HammerResult Hammered(bool isWatched = true) => Hammer.Run<LockScript>(new HammerOptions
    {
        Threads = LockScript.Lines.Length,
        Duration = TimeSpan.FromMilliseconds(60),
        CheckpointEvery = TimeSpan.FromMilliseconds(20),
        LockOrder = isWatched,
    });
}
