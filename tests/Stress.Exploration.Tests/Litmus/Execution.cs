using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Stress.Scenarios.Litmus;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>A candidate execution: events, which write each read sees, and the order of the writes to each cell.
/// </summary>
internal sealed class Execution
{
    private Execution(LitmusFamily family, LitmusTest test, Event[] events, int[] sees, int[] orderOfWrite)
    {
        Events = events;
        int count = events.Length;
        Same = new Relation(count, (a, b) => events[a].Thread == events[b].Thread);
        Po = Same.Where((a, b) => events[a].Thread >= 0 && events[a].Index < events[b].Index);
        Rf = new Relation(count, (a, b) => sees[b] == a);
        Co = new Relation(count, (a, b) => events[a].IsWrite && events[b].IsWrite
            && events[a].Place == events[b].Place && orderOfWrite[a] < orderOfWrite[b]);
        Fr = new Relation(count, (a, b) => sees[a] >= 0 && Co.Has(sees[a], b));
        Rmw = Po.Where((a, b) => events[b].IsUpdate && events[b].Index == events[a].Index + 1);
        Address = Depends(made => made.AddressFrom < 0 ? 0 : 1u << made.AddressFrom);
        Data = Depends(made => made.ValueFrom < 0 ? 0 : 1u << made.ValueFrom);
        Control = Depends(made => made.BranchesOn);
        Outcome = TextOf(family, test, orderOfWrite);
    }

    public Event[] Events { get; }

    /// <summary>Events of one task.</summary>
    public Relation Same { get; }

    /// <summary>Program order.</summary>
    public Relation Po { get; }

    /// <summary>From a write to the reads that see it.</summary>
    public Relation Rf { get; }

    /// <summary>The order of the writes to one cell.</summary>
    public Relation Co { get; }

    /// <summary>From a read to the writes that come after what it sees.</summary>
    public Relation Fr { get; }

    /// <summary>From the read of an atomic operation to its write.</summary>
    public Relation Rmw { get; }

    public Relation Address { get; }

    public Relation Data { get; }

    public Relation Control { get; }

    /// <summary>As the explored machine words it.</summary>
    public string Outcome { get; }

    /// <summary>All candidates of a test, possible or not.</summary>
    public static IEnumerable<Execution> Of(LitmusFamily family, LitmusTest test)
    {
        IEnumerable<ImmutableList<Event>> joined = [Initial(test)];
        for (int thread = 0; thread < test.Tasks.Count; thread++)
        {
            ImmutableList<Event>[] paths = [.. Paths.Of(test, thread)];
            joined = [.. joined.SelectMany(before => paths, (before, path) => before.AddRange(path))];
        }

        foreach (ImmutableList<Event> made in joined)
        {
            Event[] events = [.. made];
            foreach (int[] sees in Sources(events))
            {
                foreach (int[] order in Orders(events))
                {
                    yield return new Execution(family, test, events, sees, order);
                }
            }
        }
    }

    private static ImmutableList<Event> Initial(LitmusTest test)
        => [.. new[] { "x", "y", "z", "u", "v", Paths.Lock }.Select(place =>
            new Event(-1, EventKind.Write, LitmusOp.WriteOnce)
            {
                Place = place,
                Value = test.HasPointers && place == "y" ? Paths.U : 0,
            })];

    private static IEnumerable<int[]> Sources(Event[] events)
    {
        IEnumerable<int[]> all = [[.. events.Select(_ => -1)]];
        for (int read = 0; read < events.Length; read++)
        {
            if (events[read].IsRead)
            {
                int at = read;
                int[] writes = [.. Enumerable.Range(0, events.Length).Where(write => events[write].IsWrite
                    && events[write].Place == events[at].Place && events[write].Value == events[at].Value)];
                all = all.SelectMany(sees => writes, (sees, write) => With(sees, at, write));
            }
        }

        return all;
    }

    private static IEnumerable<int[]> Orders(Event[] events)
    {
        IEnumerable<int[]> all = [new int[events.Length]];
        foreach (IGrouping<string, int> writes in Enumerable.Range(0, events.Length)
            .Where(write => events[write].IsWrite && events[write].Thread >= 0).GroupBy(write => events[write].Place))
        {
            ImmutableList<int>[] orders = [.. Permutations([.. writes])];
            all = all.SelectMany(order => orders, (order, one) => one
                .Select((write, position) => (write, position))
                .Aggregate(order, (made, next) => With(made, next.write, next.position + 1)));
        }

        return all;
    }

    private static IEnumerable<ImmutableList<int>> Permutations(ImmutableList<int> items)
        => items.IsEmpty ? [[]]
            : items.SelectMany(first => Permutations(items.Remove(first)), (first, rest) => rest.Insert(0, first));

    private static int[] With(int[] values, int index, int value)
    {
        int[] copy = [.. values];
        copy[index] = value;
        return copy;
    }

    private Relation Depends(Func<Event, uint> reads)
        => Po.Where((a, b) => (reads(Events[b]) >> Events[a].Index & 1) != 0);

    private string TextOf(LitmusFamily family, LitmusTest test, int[] orderOfWrite)
    {
        IEnumerable<(string Name, long Value)> registers = Events.Where(made => made.Into != LitmusRegister.None)
            .Select(made => (LitmusStep.Name(made.Into),
                test.HasPointers && made.Place == "y" ? made.Value - Paths.U : made.Value));
        IEnumerable<(string Name, long Value)> cells = family.Final.Select(LitmusStep.Name).Select(place => (
            place,
            Enumerable.Range(0, Events.Length).Where(write => Events[write].IsWrite && Events[write].Place == place)
                .OrderBy(write => orderOfWrite[write]).Select(write => Events[write].Value).Last()));
        return string.Join(' ', registers.Concat(cells).OrderBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => $"{one.Name}={one.Value}"));
    }
}
