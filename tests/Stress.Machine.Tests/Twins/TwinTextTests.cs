using System;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Stress.Machine.Tests.Twins;

public sealed class TwinTextTests
{
    [Fact]
    public void Generate_RegularMethod_AwaitsEachCallThatIsHandedTheCpu()
    {
        string text = Twin("""
            partial struct S
            {
                uint Twice<TCpu>(TCpu cpu, Atomic<uint> cell) where TCpu : struct, ICpu
                    => cpu.ReadOnce(cell) + Once(cpu, cell);
                uint Once<TCpu>(TCpu cpu, Atomic<uint> cell) where TCpu : struct, ICpu { return cpu.ReadOnce(cell); }
            }
            """);

        Assert.Contains("=> await cpu.ReadOnceAsync(cell) + await OnceAsync(cpu, cell);", text, StringComparison.Ordinal);
        Assert.Contains("async global::Stress.Machine.Flow<uint> TwiceAsync<TCpu>", text, StringComparison.Ordinal);
        Assert.Contains("where TCpu : struct, global::Stress.Machine.ICoroutineCpu", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_MethodThatIsOneCall_HandsOutTheFlowOfThatCall()
    {
        string text = Twin("""
            partial struct S
            {
                int One<TCpu>(TCpu cpu, int n) where TCpu : struct, ICpu => n;
                int Expression<TCpu>(TCpu cpu) where TCpu : struct, ICpu => One(cpu, 1);
                int Returned<TCpu>(TCpu cpu) where TCpu : struct, ICpu { return One(cpu, 2); }
                void Nothing<TCpu>(TCpu cpu) where TCpu : struct, ICpu { cpu.FullFence(); }
                void Called<TCpu>(TCpu cpu) where TCpu : struct, ICpu { Nothing(cpu); }
                void Discarded<TCpu>(TCpu cpu) where TCpu : struct, ICpu { One(cpu, 3); }
                long Widened<TCpu>(TCpu cpu) where TCpu : struct, ICpu => One(cpu, 4);
                int Nested<TCpu>(TCpu cpu) where TCpu : struct, ICpu => One(cpu, One(cpu, 5));
                uint Access<TCpu>(TCpu cpu, Atomic<uint> cell) where TCpu : struct, ICpu => cpu.ReadOnce(cell);
            }
            """);

        Assert.Contains("=> OneAsync(cpu, 1);", text, StringComparison.Ordinal);
        Assert.Contains("{ return OneAsync(cpu, 2); }", text, StringComparison.Ordinal);
        Assert.Contains("{ return NothingAsync(cpu); }", text, StringComparison.Ordinal);
        Assert.All(
            (string[])["Expression", "Returned", "Called"],
            name => Assert.Matches($@"\n    global::Stress\.Machine\.Flow\S* {name}Async", text));
        Assert.Contains("{ await OneAsync(cpu, 3); }", text, StringComparison.Ordinal);
        Assert.Contains("=> await OneAsync(cpu, 4);", text, StringComparison.Ordinal);
        Assert.Contains("=> await OneAsync(cpu, await OneAsync(cpu, 5));", text, StringComparison.Ordinal);
        Assert.Contains("=> await cpu.ReadOnceAsync(cell);", text, StringComparison.Ordinal);
        Assert.All(
            (string[])["Discarded", "Widened", "Nested", "Access"],
            name => Assert.Matches($@"\n    async global::Stress\.Machine\.Flow\S* {name}Async", text));
    }

    [Fact]
    public void Generate_NotesToTheMachine_AreNotAwaited()
    {
        string text = Twin("""
            partial struct S
            {
                void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { cpu.Enter("m"); cpu.Leave(cpu.Id); }
            }
            """);

        Assert.Contains("{ cpu.Enter(\"m\"); cpu.Leave(cpu.Id); }", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_MemberOfAResult_IsTakenOfTheAwaitedOne()
    {
        string text = Twin("""
            partial struct S
            {
                (int A, int B) Pair<TCpu>(TCpu cpu) where TCpu : struct, ICpu => (cpu.Id, 1);
                int M<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Pair(cpu).A;
            }
            """);

        Assert.Contains("=> (await PairAsync(cpu)).A;", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_InterfaceMethod_GetsATwinWithoutBody()
    {
        string text = Twin("partial interface I { int M<TCpu>(TCpu cpu) where TCpu : struct, ICpu; }");

        Assert.Contains(
            "global::Stress.Machine.Flow<int> MAsync<TCpu>(TCpu cpu) where TCpu : struct, global::Stress.Machine.ICoroutineCpu;",
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_Body_BorrowsTheLinesOfTheModel()
    {
        string text = Twin("""
            partial struct S
            {
                void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu
                {
                    cpu.FullFence();
                }
            }
            """);

        // The import is line 1, so the body begins on line 5.
        Assert.Contains("#line 5 \"Sample.cs\"", text, StringComparison.Ordinal);
    }

    private static string Twin(string source)
    {
        GeneratorDriverRunResult result = Generator.Run(source);
        Assert.Empty(result.Diagnostics);
        return Assert.Single(result.GeneratedTrees).ToString();
    }
}
