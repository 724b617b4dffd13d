using System;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Stress.Machine;
using Xunit;

namespace Stress.Mm.Tests.Properties;

/// <summary>A sequence of calls after which a model is not what its reference is.</summary>
internal sealed record Counterexample(string Text, string Calls, int Length);

/// <summary>Compares a model with its reference after every call of many random sequences, the same in each run.
/// </summary>
internal static class Property
{
    private const int Sequences = 200;
    private const int Shortest = 30;
    private const int Longest = 150;
    private const int Short = 10;

    public static void AssertHolds<TKind>(Func<Subject<TKind>> make)
        where TKind : struct, Enum
    {
        Counterexample? found = Refute(make);
        Assert.True(found is null, $"{found?.Text}\nafter {found?.Calls}");
    }

    /// <summary>Asserts that some sequence refutes it with that text, and that a short one was made of it.</summary>
    public static void AssertFails<TKind>(string text, Func<Subject<TKind>> make)
        where TKind : struct, Enum
    {
        Counterexample? found = Refute(make);
        Assert.NotNull(found);
        Assert.Contains(text, found.Text, StringComparison.Ordinal);
        Assert.True(found.Length <= Short, found.Calls);
    }

    /// <summary>Returns the smallest counterexample, or null when there was none.</summary>
    public static Counterexample? Refute<TKind>(Func<Subject<TKind>> make)
        where TKind : struct, Enum
    {
        Counterexample? smallest = null;
        int sequences = 0;
        Config config = Config.Quick
            .WithMaxTest(Sequences)
            .WithStartSize(Shortest)
            .WithEndSize(Longest)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20, 61), FSharpOption<int>.None)))
            .WithRunner(new Silence());
        Check.One(config, Prop.ForAll(Call<TKind>.Sequences, calls =>
        {
            sequences++;
            string? text = Run(make, calls);

            // A sequence is made smaller only while it fails, so the last that failed is the smallest.
            smallest = text is null ? smallest : new Counterexample(text, string.Join(", ", calls), calls.Length);
            return text is null;
        }));
        Assert.True(smallest is not null || sequences == Sequences, $"only {sequences} sequences were run");
        return smallest;
    }

    private static string? Run<TKind>(Func<Subject<TKind>> make, Call<TKind>[] calls)
        where TKind : struct, Enum
    {
        using Subject<TKind> subject = make();
        try
        {
            foreach (Call<TKind> call in calls)
            {
                subject.Step(call);
            }

            return null;
        }
        catch (RunFailedException failure)
        {
            return failure.Message;
        }
        catch (Xunit.Sdk.XunitException failure)
        {
            return failure.Message;
        }
    }

    private sealed class Silence : IRunner
    {
        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(
            int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult testResult)
        {
        }
    }
}
