using System;
using Stress.Machine;

namespace Stress.Scenarios.Litmus;

/// <summary>Makes a variant of each test of a family.</summary>
internal static class LitmusIndexes
{
    public static Variant Variant<TFamily>(int test)
        where TFamily : struct, ILitmusFamily => test switch
        {
            0 => Variant<TFamily, T0>(),
            1 => Variant<TFamily, T1>(),
            2 => Variant<TFamily, T2>(),
            3 => Variant<TFamily, T3>(),
            4 => Variant<TFamily, T4>(),
            5 => Variant<TFamily, T5>(),
            6 => Variant<TFamily, T6>(),
            7 => Variant<TFamily, T7>(),
            8 => Variant<TFamily, T8>(),
            9 => Variant<TFamily, T9>(),
            10 => Variant<TFamily, T10>(),
            11 => Variant<TFamily, T11>(),
            12 => Variant<TFamily, T12>(),
            13 => Variant<TFamily, T13>(),
            14 => Variant<TFamily, T14>(),
            15 => Variant<TFamily, T15>(),
            _ => throw new ArgumentOutOfRangeException(nameof(test), test, "a family has at most 16 tests"),
        };

    private static Variant<Litmus<TFamily, TIndex>> Variant<TFamily, TIndex>()
        where TFamily : struct, ILitmusFamily
        where TIndex : struct, ILitmusIndex
    {
        LitmusFamily family = TFamily.Family;
        LitmusTest test = family.Tests[TIndex.Value];
        bool isWrong = test.Verdict == LitmusVerdict.Wrong;
        return new Variant<Litmus<TFamily, TIndex>>
        {
            Name = test.Name,
            Summary = $"{test}.",
            Source = $"litmus test {family.Title}, LKMM",
            Expected = isWrong
                ? Expectation.Violates(FindingKind.ForbiddenOutcome, family.Meaning) : Expectation.Clean,
            NeedsWeakMemory = isWrong,
            CorrectTwin = isWrong ? family.Tests[0].Name : null,
        };
    }

    private readonly struct T0 : ILitmusIndex
    {
        public static int Value => 0;
    }

    private readonly struct T1 : ILitmusIndex
    {
        public static int Value => 1;
    }

    private readonly struct T2 : ILitmusIndex
    {
        public static int Value => 2;
    }

    private readonly struct T3 : ILitmusIndex
    {
        public static int Value => 3;
    }

    private readonly struct T4 : ILitmusIndex
    {
        public static int Value => 4;
    }

    private readonly struct T5 : ILitmusIndex
    {
        public static int Value => 5;
    }

    private readonly struct T6 : ILitmusIndex
    {
        public static int Value => 6;
    }

    private readonly struct T7 : ILitmusIndex
    {
        public static int Value => 7;
    }

    private readonly struct T8 : ILitmusIndex
    {
        public static int Value => 8;
    }

    private readonly struct T9 : ILitmusIndex
    {
        public static int Value => 9;
    }

    private readonly struct T10 : ILitmusIndex
    {
        public static int Value => 10;
    }

    private readonly struct T11 : ILitmusIndex
    {
        public static int Value => 11;
    }

    private readonly struct T12 : ILitmusIndex
    {
        public static int Value => 12;
    }

    private readonly struct T13 : ILitmusIndex
    {
        public static int Value => 13;
    }

    private readonly struct T14 : ILitmusIndex
    {
        public static int Value => 14;
    }

    private readonly struct T15 : ILitmusIndex
    {
        public static int Value => 15;
    }
}
