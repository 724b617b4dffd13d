using System;
using System.Linq;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>Every order keeps two plain accesses from racing, and the same program with less order races.</summary>
public sealed class DataRaceTests
{
    [Fact]
    public void Explore_MessageWithOrderOnBothSides_DoesNotRace()
    {
        AssertClean<MessagePassing<Ordered, Ordered>>();
        AssertClean<MessagePassing<Ordered, Fenced>>();
        AssertClean<MessagePassing<Ordered, FullyFenced>>();
        AssertClean<MessagePassing<Ordered, FullyOrdered>>();
        AssertClean<MessagePassing<Fenced, Ordered>>();
        AssertClean<MessagePassing<Fenced, Fenced>>();
        AssertClean<MessagePassing<FullyFenced, Fenced>>();
        AssertClean<MessagePassing<FullyFenced, FullyFenced>>();
        AssertClean<MessagePassing<FullyOrdered, Ordered>>();
        AssertClean<MessagePassing<FullyOrdered, FullyOrdered>>();
    }

    [Fact]
    public void Explore_MessageWithOrderOnOneSide_Races()
    {
        AssertRace<MessagePassing<Relaxed, Ordered>>();
        AssertRace<MessagePassing<Relaxed, Fenced>>();
        AssertRace<MessagePassing<Relaxed, FullyFenced>>();
        AssertRace<MessagePassing<Relaxed, FullyOrdered>>();
        AssertRace<MessagePassing<Ordered, Relaxed>>();
        AssertRace<MessagePassing<Fenced, Relaxed>>();
        AssertRace<MessagePassing<FullyFenced, Relaxed>>();
        AssertRace<MessagePassing<FullyOrdered, Relaxed>>();
        AssertRace<MessagePassing<Relaxed, Relaxed>>();
    }

    [Fact]
    public void Explore_Race_SaysBothSites()
        => Assert.Equal(
            "plain write of Data by writer in send races with plain read by reader in receive",
            AssertRace<MessagePassing<Relaxed, Ordered>>().Text);

    [Fact]
    public void Explore_RaceWithOneLock_NamesTheLockThatOneHeld()
    {
        AssertClean<RacePair<BothLocked>>();

        Finding found = AssertRace<RacePair<OneLocked>>();

        Assert.Contains("first holds the_lock", found.Text, StringComparison.Ordinal);
        Assert.Contains("second holds no lock", found.Text, StringComparison.Ordinal);
        RaceReport race = found.Race!;
        Assert.Equal([0, 1], new[] { race.First.Task, race.Second.Task }.Order());
        Assert.Equal(["act"], race.First.Operations);
        Assert.Equal(found.Task, race.Second.Task);
        Assert.True(race.First.Event >= 0 && race.First.Event < race.Second.Event);
    }

    [Fact]
    public void Explore_PlainAgainstMarked_RacesAndMarkedAloneDoesNot()
    {
        AssertRace<RacePair<PlainAgainstMarked>>();
        AssertClean<RacePair<MarkedOnly>>();
    }

    [Fact]
    public void Explore_KnownRace_IsLeftAlone() => AssertClean<RacePair<KnownToBeHarmless>>();

    [Fact]
    public void Explore_SizesThatOverlap_RaceAndNeighboursDoNot()
    {
        AssertRace<RacePair<WordAndItsHalf>>();
        AssertClean<RacePair<HalvesOfAWord>>();
    }

    [Fact]
    public void Explore_WriteFence_OrdersNoEarlierRead()
    {
        AssertRace<RacePair<ReadsBeforeWriteFence>>();
        AssertClean<RacePair<ReadsBeforeRelease>>();
    }

    [Fact]
    public void Explore_Release_IsCumulativeAndARelaxedStoreIsNot()
    {
        AssertClean<RacePair<PassedOnByRelease>>();
        AssertClean<RacePair<ContinuedByUpdate>>();
        AssertRace<RacePair<PassedOnRelaxed>>();
    }

    [Fact]
    public void Explore_Pointer_OrdersWhatDependsOnIt()
    {
        AssertClean<RacePair<PublishedByRelease>>();
        Assert.Contains("thing.First", AssertRace<RacePair<PublishedRelaxed>>().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_FreeWithoutGracePeriod_RacesWithTheReader()
    {
        AssertClean<RacePair<FreedAfterGracePeriod>>();
        Finding found = Explore.Run<RacePair<FreedAtOnce>>(looksForRaces: true).Finding!;
        Assert.True(
            found.Kind == FindingKind.UseAfterFree || found.Text.Contains("races with free", StringComparison.Ordinal));
    }

    [Fact]
    public void Explore_Wakeup_OrdersAndALookAtTheFlagDoesNot()
    {
        AssertClean<RacePair<WokenThenReads>>();
        AssertRace<RacePair<SeenThenReads>>();
    }

    [Fact]
    public void Explore_SectionsOfOneCpu_FollowOneAnotherAndAPreemptedUpdateRaces()
    {
        AssertClean<RacePair<SectionsOfOneCpu>>();
        AssertRace<RacePair<PreemptedUpdate>>();
    }

    [Fact]
    public void Explore_RaceInARunWithAnotherFinding_ReportsTheOther()
        => Assert.Equal(
            FindingKind.Bug,
            Explore.Run<RacePair<RacesIntoABug>>(looksForRaces: true).Finding!.Kind);

    [Fact]
    public void Explore_RacesOff_FindsNone()
        => Assert.Null(Explore.Run<RacePair<PlainAgainstMarked>>(looksForRaces: false).Finding);

    [Fact]
    public void Explore_SameSeed_FindsTheSameRaceOnOneWorkerAndOnThree()
    {
        Finding one = Explore.Run<RacePair<OneLocked>>(looksForRaces: true).Finding!;
        Finding three = Explore.Run<RacePair<OneLocked>>(looksForRaces: true, workers: 3).Finding!;

        Assert.Equal(
            (one.ScheduleIndex, one.Text, one.Trace.Hash), (three.ScheduleIndex, three.Text, three.Trace.Hash));
    }

    private static void AssertClean<TScenario>()
        where TScenario : struct, IScenario<TScenario>
        => Assert.Null(Explore.Run<TScenario>(schedules: 500, looksForRaces: true).Finding?.Text);

    private static Finding AssertRace<TScenario>()
        where TScenario : struct, IScenario<TScenario>
    {
        Finding found = Explore.Run<TScenario>(schedules: 500, looksForRaces: true).Finding!;
        Assert.NotNull(found);
        Assert.Equal(FindingKind.DataRace, found.Kind);
        Assert.Equal((10, 10), (found.Reproduced, found.ReproducedOf));
        (Scenario scenario, Variant variant) = Explore.Named<TScenario>();
        ReplayResult replayed = Explorer.Replay<TScenario>(scenario, variant, found.Trace, times: 10);
        Assert.Equal((10, found.Text), (replayed.Matched, replayed.Finding?.Text));
        return found;
    }
}
