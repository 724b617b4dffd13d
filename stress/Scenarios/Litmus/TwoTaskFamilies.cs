using static Stress.Scenarios.Litmus.LitmusSteps;
using static Stress.Scenarios.Litmus.LitmusVerdict;

namespace Stress.Scenarios.Litmus;

/// <summary>Message passing: data, then a flag.</summary>
public readonly struct MessagePassing : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "mp",
        "MP",
        "One task writes data and then a flag or a pointer; the other reads them the other way round.",
        "the flag is new and the data is old",
        "r0=1 r1=0")
    {
        NotShown = "the kernel's model allows it, but a grace period here orders every task, in a section or not",
        Tests =
        [
            new("relaxed", Weak, [Write(X, 1), Write(Y, 1)], [Read(R0, Y), Read(R1, X)]),
            new("wmb-rmb", Forbidden, [Write(X, 1), Wmb, Write(Y, 1)], [Read(R0, Y), Rmb, Read(R1, X)]),
            new("wmb-only", Weak, [Write(X, 1), Wmb, Write(Y, 1)], [Read(R0, Y), Read(R1, X)]),
            new("rmb-only", Weak, [Write(X, 1), Write(Y, 1)], [Read(R0, Y), Rmb, Read(R1, X)]),
            new("release-acquire", Forbidden, [Write(X, 1), Release(Y, 1)], [Acquire(R0, Y), Read(R1, X)]),
            new("release-only", Weak, [Write(X, 1), Release(Y, 1)], [Read(R0, Y), Read(R1, X)]),
            new("acquire-only", Weak, [Write(X, 1), Write(Y, 1)], [Acquire(R0, Y), Read(R1, X)]),
            new("mb", Forbidden, [Write(X, 1), Mb, Write(Y, 1)], [Read(R0, Y), Mb, Read(R1, X)]),
            new("wmb-ctrl", Weak, [Write(X, 1), Wmb, Write(Y, 1)], [Read(R0, Y), Read(R1, X).If(R0, 1)]),
            new(
                "assign-dereference",
                Forbidden,
                [Write(V, 1), Assign(Y, V)],
                [Dereference(R0, Y), ReadThrough(R1, R0)]),
            new("wmb-addr", Forbidden, [Write(V, 1), Wmb, Point(Y, V)], [Read(R0, Y), ReadThrough(R1, R0)]),
            new("plain-assign", Weak, [Write(V, 1), Point(Y, V)], [Dereference(R0, Y), ReadThrough(R1, R0)]),
            new(
                "lock",
                Forbidden,
                [Lock, Write(X, 1), Write(Y, 1), Unlock],
                [Lock, Read(R0, Y), Read(R1, X), Unlock]) { KeptApart = ["r0=0 r1=1"] },
            new(
                "half-locked",
                Forbidden,
                [Write(X, 1), Lock, Write(Y, 1), Unlock],
                [Lock, Read(R0, Y), Unlock, Read(R1, X)]),
            new(
                "rcu",
                Forbidden,
                [Write(X, 1), Synchronize, Write(Y, 1)],
                [RcuLock, Read(R0, Y), Read(R1, X), RcuUnlock]),
            new("rcu-no-section", NotShown, [Write(X, 1), Synchronize, Write(Y, 1)], [Read(R0, Y), Read(R1, X)]),
        ],
    };
}

/// <summary>Store buffering: each writes, and does not see the other's write.</summary>
public readonly struct StoreBuffering : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "sb",
        "SB",
        "Each of two tasks writes a cell of its own and then reads the other's.",
        "each reads before the other's write arrives",
        "r0=0 r1=0")
    {
        NotShown = MessagePassing.Family.NotShown,
        Tests =
        [
            new("relaxed", Weak, [Write(X, 1), Read(R0, Y)], [Write(Y, 1), Read(R1, X)]),
            new("mb", Forbidden, [Write(X, 1), Mb, Read(R0, Y)], [Write(Y, 1), Mb, Read(R1, X)]),
            new("one-mb", Weak, [Write(X, 1), Mb, Read(R0, Y)], [Write(Y, 1), Read(R1, X)]),
            new("release-acquire", Weak, [Release(X, 1), Acquire(R0, Y)], [Release(Y, 1), Acquire(R1, X)]),
            new("wmb-rmb", Weak, [Write(X, 1), Wmb, Rmb, Read(R0, Y)], [Write(Y, 1), Wmb, Rmb, Read(R1, X)]),
            new("xchg", Forbidden, [Exchange(X, 1), Read(R0, Y)], [Exchange(Y, 1), Read(R1, X)]),
            new("one-xchg", Weak, [Exchange(X, 1), Read(R0, Y)], [Write(Y, 1), Read(R1, X)]),
            new("lock", Forbidden, [Lock, Write(X, 1), Read(R0, Y), Unlock], [Lock, Write(Y, 1), Read(R1, X), Unlock])
            {
                KeptApart = ["r0=1 r1=1"],
            },
            new(
                "rcu",
                Forbidden,
                [RcuLock, Write(X, 1), Read(R0, Y), RcuUnlock],
                [Write(Y, 1), Synchronize, Read(R1, X)]),
            new("rcu-no-section", NotShown, [Write(X, 1), Read(R0, Y)], [Write(Y, 1), Synchronize, Read(R1, X)]),
        ],
    };
}

/// <summary>Load buffering: each reads what the other has yet to write.</summary>
public readonly struct LoadBuffering : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "lb",
        "LB",
        "Each of two tasks reads the other's cell and then writes its own.",
        "each reads what the other writes later",
        "r0=1 r1=1")
    {
        NotShown = "the kernel's model allows it, but here a read sees nothing that is not written yet",
        Tests =
        [
            new("relaxed", NotShown, [Read(R0, X), Write(Y, 1)], [Read(R1, Y), Write(X, 1)]),
            new("one-acquire", NotShown, [Acquire(R0, X), Write(Y, 1)], [Read(R1, Y), Write(X, 1)]),
            new("one-ctrl", NotShown, [Read(R0, X), Write(Y, 1).If(R0, 1)], [Read(R1, Y), Write(X, 1)]),
            new("acquire-release", Forbidden, [Acquire(R0, X), Write(Y, 1)], [Read(R1, Y), Release(X, 1)]),
            new("ctrl-mb", Forbidden, [Read(R0, X), Write(Y, 1).If(R0, 1)], [Read(R1, Y), Mb, Write(X, 1)]),
            new("data-release", Forbidden, [Read(R0, X), Copy(Y, R0)], [Read(R1, Y), Release(X, 1)]),
        ],
    };
}

/// <summary>R: the order of two writes to a cell against a read.</summary>
public readonly struct WriteReadCycle : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "r",
        "R",
        "One task writes x and y; the other writes y later, and reads x.",
        "the second write to y comes last and yet the first task's x is not seen",
        "r0=0 y=2")
    {
        Final = [Y],
        Tests =
        [
            new("relaxed", Weak, [Write(X, 1), Write(Y, 1)], [Write(Y, 2), Read(R0, X)]),
            new("mb", Forbidden, [Write(X, 1), Mb, Write(Y, 1)], [Write(Y, 2), Mb, Read(R0, X)]),
            new("mb-only-first", Weak, [Write(X, 1), Mb, Write(Y, 1)], [Write(Y, 2), Read(R0, X)]),
            new("mb-only-second", Weak, [Write(X, 1), Write(Y, 1)], [Write(Y, 2), Mb, Read(R0, X)]),
            new("wmb-mb", Weak, [Write(X, 1), Wmb, Write(Y, 1)], [Write(Y, 2), Mb, Read(R0, X)]),
            new("release-acquire", Weak, [Write(X, 1), Release(Y, 1)], [Write(Y, 2), Acquire(R0, X)]),
        ],
    };
}

/// <summary>S: a write that is seen against a write that comes too early.</summary>
public readonly struct WriteWriteCycle : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "s",
        "S",
        "One task writes x and then y; the other reads y and then writes x.",
        "the flag is seen, and yet the later write to x is overwritten by the earlier one",
        "r0=1 x=2")
    {
        Final = [X],
        NotShown = "the kernel's model allows it, but here every read comes before the writes behind it",
        Tests =
        [
            new("relaxed", Weak, [Write(X, 2), Write(Y, 1)], [Read(R0, Y), Write(X, 1)]),
            new("wmb-acquire", Forbidden, [Write(X, 2), Wmb, Write(Y, 1)], [Acquire(R0, Y), Write(X, 1)]),
            new("release-acquire", Forbidden, [Write(X, 2), Release(Y, 1)], [Acquire(R0, Y), Write(X, 1)]),
            new("acquire-only", Weak, [Write(X, 2), Write(Y, 1)], [Acquire(R0, Y), Write(X, 1)]),
            new("wmb-only", NotShown, [Write(X, 2), Wmb, Write(Y, 1)], [Read(R0, Y), Write(X, 1)]),
            new("wmb-ctrl", Forbidden, [Write(X, 2), Wmb, Write(Y, 1)], [Read(R0, Y), Write(X, 1).If(R0, 1)]),
            new("wmb-data", Forbidden, [Write(X, 2), Wmb, Write(Y, 1)], [Read(R0, Y), Copy(X, R0)]),
            new("mb", Forbidden, [Write(X, 2), Mb, Write(Y, 1)], [Read(R0, Y), Mb, Write(X, 1)]),
        ],
    };
}

/// <summary>2+2W: two writers, two cells.</summary>
public readonly struct TwoPlusTwoWrites : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "2+2w",
        "2+2W",
        "Two tasks write the same two cells in opposite orders.",
        "each task's first write is the last one to its cell",
        "x=1 y=1")
    {
        Final = [X, Y],
        Tests =
        [
            new("relaxed", Weak, [Write(X, 1), Write(Y, 2)], [Write(Y, 1), Write(X, 2)]),
            new("wmb", Weak, [Write(X, 1), Wmb, Write(Y, 2)], [Write(Y, 1), Wmb, Write(X, 2)]),
            new("release", Weak, [Write(X, 1), Release(Y, 2)], [Write(Y, 1), Release(X, 2)]),
            new("mb-wmb", Weak, [Write(X, 1), Mb, Write(Y, 2)], [Write(Y, 1), Wmb, Write(X, 2)]),
            new("mb", Forbidden, [Write(X, 1), Mb, Write(Y, 2)], [Write(Y, 1), Mb, Write(X, 2)]),
            new("lock", Forbidden, [Lock, Write(X, 1), Write(Y, 2), Unlock], [Lock, Write(Y, 1), Write(X, 2), Unlock])
            {
                KeptApart = ["x=2 y=2"],
            },
        ],
    };
}

/// <summary>Store buffering as it is met: the way into a critical section that Dekker's algorithm has.</summary>
public readonly struct DekkerEntry : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "dekker",
        "SB",
        "Each of two tasks raises its flag, and enters if the other's is down.",
        "both tasks enter",
        "r0=0 r1=0")
    {
        Tests =
        [
            new("mb", Forbidden, [Write(X, 1), Mb, Read(R0, Y)], [Write(Y, 1), Mb, Read(R1, X)]),
            new("no-fence", Wrong, [Write(X, 1), Read(R0, Y)], [Write(Y, 1), Read(R1, X)]),
            new("one-fence", Wrong, [Write(X, 1), Mb, Read(R0, Y)], [Write(Y, 1), Read(R1, X)]),
            new("release-acquire", Wrong, [Release(X, 1), Acquire(R0, Y)], [Release(Y, 1), Acquire(R1, X)]),
        ],
    };
}
