using static Stress.Scenarios.Litmus.LitmusSteps;
using static Stress.Scenarios.Litmus.LitmusVerdict;

namespace Stress.Scenarios.Litmus;

/// <summary>Write to read causality: a message is passed on by a task in the middle.</summary>
public readonly struct WriteReadCausality : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "wrc",
        "WRC",
        "One task writes x; a second sees it and writes y; a third sees y and reads x.",
        "the third task knows of the second's write and not of what the second had seen",
        "r0=1 r1=1 r2=0")
    {
        Tests =
        [
            new("relaxed", Weak, [Write(X, 1)], [Read(R0, X), Write(Y, 1)], [Read(R1, Y), Read(R2, X)]),
            new(
                "release-acquire",
                Forbidden,
                [Write(X, 1)],
                [Read(R0, X), Release(Y, 1)],
                [Acquire(R1, Y), Read(R2, X)]),
            new("release-rmb", Forbidden, [Write(X, 1)], [Read(R0, X), Release(Y, 1)], [Read(R1, Y), Rmb, Read(R2, X)]),
            new("mb-rmb", Forbidden, [Write(X, 1)], [Read(R0, X), Mb, Write(Y, 1)], [Read(R1, Y), Rmb, Read(R2, X)]),
            new("data-rmb", Weak, [Write(X, 1)], [Read(R0, X), Copy(Y, R0)], [Read(R1, Y), Rmb, Read(R2, X)]),
            new("acquire-rmb", Weak, [Write(X, 1)], [Acquire(R0, X), Write(Y, 1)], [Read(R1, Y), Rmb, Read(R2, X)]),
            new("wmb-rmb", Weak, [Write(X, 1)], [Read(R0, X), Wmb, Write(Y, 1)], [Read(R1, Y), Rmb, Read(R2, X)]),
            new("release-only", Weak, [Write(X, 1)], [Read(R0, X), Release(Y, 1)], [Read(R1, Y), Read(R2, X)]),
        ],
    };
}

/// <summary>Independent reads of independent writes.</summary>
public readonly struct IndependentReads : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "iriw",
        "IRIW",
        "Two tasks write a cell each; two others read both cells, in opposite orders.",
        "the readers see the two writes in different orders",
        "r0=1 r1=0 r2=1 r3=0")
    {
        Tests =
        [
            new("relaxed", Weak, [Write(X, 1)], [Write(Y, 1)], [Read(R0, X), Read(R1, Y)], [Read(R2, Y), Read(R3, X)]),
            new(
                "release-acquire",
                Weak,
                [Release(X, 1)],
                [Release(Y, 1)],
                [Acquire(R0, X), Acquire(R1, Y)],
                [Acquire(R2, Y), Acquire(R3, X)]),
            new(
                "one-mb",
                Weak,
                [Write(X, 1)],
                [Write(Y, 1)],
                [Read(R0, X), Mb, Read(R1, Y)],
                [Acquire(R2, Y), Read(R3, X)]),
            new(
                "mb",
                Forbidden,
                [Write(X, 1)],
                [Write(Y, 1)],
                [Read(R0, X), Mb, Read(R1, Y)],
                [Read(R2, Y), Mb, Read(R3, X)]),
        ],
    };
}

/// <summary>ISA2: a message that takes two hops.</summary>
public readonly struct TwoHops : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "isa2",
        "ISA2",
        "One task writes x and a flag y; a second sees y and raises z; a third sees z and reads x.",
        "both flags are seen and the data is old",
        "r0=1 r1=1 r2=0")
    {
        Tests =
        [
            new(
                "relaxed",
                Weak,
                [Write(X, 1), Write(Y, 1)],
                [Read(R0, Y), Write(Z, 1)],
                [Read(R1, Z), Read(R2, X)]),
            new(
                "release-acquire",
                Forbidden,
                [Write(X, 1), Release(Y, 1)],
                [Acquire(R0, Y), Release(Z, 1)],
                [Acquire(R1, Z), Read(R2, X)]),
            new(
                "wmb-release-rmb",
                Forbidden,
                [Write(X, 1), Wmb, Write(Y, 1)],
                [Read(R0, Y), Release(Z, 1)],
                [Read(R1, Z), Rmb, Read(R2, X)]),
            new(
                "no-release",
                Weak,
                [Write(X, 1), Release(Y, 1)],
                [Acquire(R0, Y), Write(Z, 1)],
                [Acquire(R1, Z), Read(R2, X)]),
            new(
                "wmb-ctrl-rmb",
                Weak,
                [Write(X, 1), Wmb, Write(Y, 1)],
                [Read(R0, Y), Write(Z, 1).If(R0, 1)],
                [Read(R1, Z), Rmb, Read(R2, X)]),
            new(
                "mb",
                Forbidden,
                [Write(X, 1), Mb, Write(Y, 1)],
                [Read(R0, Y), Mb, Write(Z, 1)],
                [Read(R1, Z), Mb, Read(R2, X)]),
            new(
                "lock-lock-mb",
                Forbidden,
                [Lock, Write(X, 1), Write(Y, 1), Unlock],
                [Lock, Read(R0, Y), Write(Z, 1), Unlock],
                [Read(R1, Z), Mb, Read(R2, X)]),
        ],
    };
}
