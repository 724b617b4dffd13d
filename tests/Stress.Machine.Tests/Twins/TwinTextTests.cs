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
