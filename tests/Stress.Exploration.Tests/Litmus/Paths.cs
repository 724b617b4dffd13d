using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Stress.Scenarios.Litmus;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>The ways through one task, for all values that its reads could return.</summary>
internal static class Paths
{
    public const string Lock = "lock";

    // Addresses of the two objects, as values.
    public const long U = 1_000;
    public const long V = 1_001;

    private static readonly long[] s_numbers = [0, 1, 2, 3];
    private static readonly long[] s_pointers = [U, V];

    public static IEnumerable<ImmutableList<Event>> Of(LitmusTest test, int thread)
        => Continue(test, thread, 0, [], [], 0);

    private static IEnumerable<ImmutableList<Event>> Continue(
        LitmusTest test, int thread, int position, ImmutableList<Event> events,
        ImmutableDictionary<LitmusRegister, (long Value, int Read)> registers, uint branchesOn)
    {
        if (position == test.Tasks[thread].Count)
        {
            return [events];
        }

        LitmusStep step = test.Tasks[thread][position];
        if (step.IfRegister != LitmusRegister.None)
        {
            (long value, int read) = registers[step.IfRegister];
            branchesOn |= 1u << read;
            if (value != step.IfValue)
            {
                return Continue(test, thread, position + 1, events, registers, branchesOn);
            }
        }

        string? place = step.Through == LitmusRegister.None
            ? LitmusStep.Name(step.Cell) : Target(registers[step.Through].Value);
        if (place is null)
        {
            return [];
        }

        var next = new Event(thread, EventKind.Order, step.Op)
        {
            Place = place,
            Index = events.Count,
            AddressFrom = step.Through == LitmusRegister.None ? -1 : registers[step.Through].Read,
            BranchesOn = branchesOn,
        };
        long[] values = test.HasPointers && place == "y" ? s_pointers : s_numbers;
        switch (step.Op)
        {
            case LitmusOp.ReadOnce or LitmusOp.LoadAcquire or LitmusOp.Dereference:
                return values.SelectMany(value => Continue(
                    test, thread, position + 1,
                    events.Add(next with { Kind = EventKind.Read, Value = value, Into = step.Into }),
                    registers.SetItem(step.Into, (value, events.Count)), branchesOn));

            case LitmusOp.WriteOnce or LitmusOp.StoreRelease:
                long written = step.ValueOf != LitmusRegister.None ? registers[step.ValueOf].Value
                    : step.Pointer != LitmusCell.None ? V : step.Value;
                Event write = next with
                {
                    Kind = EventKind.Write,
                    Value = written,
                    ValueFrom = step.ValueOf == LitmusRegister.None ? -1 : registers[step.ValueOf].Read,
                };
                return Continue(test, thread, position + 1, events.Add(write), registers, branchesOn);

            case LitmusOp.FetchAddRelaxed:
                return values.SelectMany(value => Continue(
                    test, thread, position + 1,
                    Update(events, next, value, value + step.Value, step.Into),
                    registers.SetItem(step.Into, (value, events.Count)), branchesOn));

            case LitmusOp.Exchange:
                // Fully ordered: a fence on each side.
                Event fence = next with { Op = LitmusOp.FullFence };
                return values.SelectMany(value =>
                {
                    ImmutableList<Event> made = Update(
                        events.Add(fence), next with { Index = events.Count + 1 }, value, step.Value,
                        LitmusRegister.None);
                    return Continue(
                        test, thread, position + 1, made.Add(fence with { Index = made.Count }), registers,
                        branchesOn);
                });

            case LitmusOp.SpinLock:
                return Continue(
                    test, thread, position + 1,
                    Update(events, next with { Place = Lock }, 0, 1, LitmusRegister.None), registers, branchesOn);

            case LitmusOp.SpinUnlock:
                return Continue(
                    test, thread, position + 1,
                    events.Add(next with { Kind = EventKind.Write, Place = Lock, Value = 0 }), registers, branchesOn);

            default:
                return Continue(test, thread, position + 1, events.Add(next), registers, branchesOn);
        }
    }

    // The read's value reaches the write: a data dependency where the operation adds.
    private static ImmutableList<Event> Update(
        ImmutableList<Event> events, Event next, long before, long after, LitmusRegister into)
        => events.Add(next with { Kind = EventKind.Read, Value = before, Into = into }).Add(next with
        {
            Kind = EventKind.Write,
            Value = after,
            Index = next.Index + 1,
            IsUpdate = true,
            ValueFrom = next.Op == LitmusOp.FetchAddRelaxed ? next.Index : -1,
        });

    private static string? Target(long pointer) => pointer switch
    {
        U => "u",
        V => "v",
        _ => null,
    };
}
