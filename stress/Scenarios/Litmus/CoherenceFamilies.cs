using static Stress.Scenarios.Litmus.LitmusSteps;
using static Stress.Scenarios.Litmus.LitmusVerdict;

namespace Stress.Scenarios.Litmus;

/// <summary>Two reads of a cell.</summary>
public readonly struct ReadRead : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "corr", "CoRR", "One task reads a cell twice while another writes it.", "a cell goes back", "r0=1 r1=0")
    {
        Tests = [new("relaxed", Forbidden, [Write(X, 1)], [Read(R0, X), Read(R1, X)])],
    };
}

/// <summary>Two readers of two writes.</summary>
public readonly struct ReadReadTwice : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "corr2",
        "CoRR2",
        "Two tasks write a cell; two others read it twice.",
        "two tasks see the writes to one cell in different orders, or a cell goes back",
        "r0=1 r1=2 r2=2 r3=1",
        "r0=2 r1=1 r2=1 r3=2",
        "r0=1 r1=0 r2=* r3=*",
        "r0=2 r1=0 r2=* r3=*",
        "r0=* r1=* r2=1 r3=0",
        "r0=* r1=* r2=2 r3=0")
    {
        Tests =
        [
            new(
                "relaxed",
                Forbidden,
                [Write(X, 1)],
                [Write(X, 2)],
                [Read(R0, X), Read(R1, X)],
                [Read(R2, X), Read(R3, X)]),
        ],
    };
}

/// <summary>A read, then a write, of one cell.</summary>
public readonly struct ReadWrite : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "corw",
        "CoRW",
        "One task reads a cell and then writes it, while another writes it.",
        "a read sees its own task's later write, or one that comes after it",
        "r0=1 x=*",
        "r0=2 x=2")
    {
        Final = [X],
        Tests = [new("relaxed", Forbidden, [Read(R0, X), Write(X, 1)], [Write(X, 2)])],
    };
}

/// <summary>A write, then a read, of one cell.</summary>
public readonly struct WriteRead : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "cowr",
        "CoWR",
        "One task writes a cell and then reads it, while another writes it.",
        "a read misses its own task's write, or sees one that the write overwrote",
        "r0=0 x=*",
        "r0=2 x=1")
    {
        Final = [X],
        Tests = [new("relaxed", Forbidden, [Write(X, 1), Read(R0, X)], [Write(X, 2)])],
    };
}

/// <summary>Two writes to one cell.</summary>
public readonly struct WriteWrite : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "coww",
        "CoWW",
        "One task writes a cell twice, and another reads it.",
        "a task's earlier write overwrites its later one",
        "r0=* x=1")
    {
        Final = [X],
        Tests = [new("relaxed", Forbidden, [Write(X, 1), Write(X, 2)], [Read(R0, X)])],
    };
}

/// <summary>Two atomic additions.</summary>
public readonly struct Additions : ILitmusFamily
{
    public static LitmusFamily Family { get; } = new(
        "atomicity",
        "atomicity",
        "Two tasks add to a cell, in no order with anything else.",
        "an addition is lost",
        "r0=0 r1=0 x=*",
        "r0=1 r1=1 x=*",
        "r0=* r1=* x=1")
    {
        Final = [X],
        Tests = [new("relaxed", Forbidden, [Add(R0, X, 1)], [Add(R1, X, 1)])],
    };
}
