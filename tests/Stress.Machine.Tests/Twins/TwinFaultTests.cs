using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Stress.Machine.Tests.Twins;

/// <summary>What cannot be twinned is a build error at its place, with an identifier of its own.</summary>
public sealed class TwinFaultTests
{
    [Theory]
    [InlineData("TWIN001", "ref uint seen",
        "partial struct S { void M<TCpu>(TCpu cpu, ref uint seen) where TCpu : struct, ICpu { } }")]
    [InlineData("TWIN001", "out uint seen",
        "partial struct S { void M<TCpu>(TCpu cpu, out uint seen) where TCpu : struct, ICpu => seen = 1; }")]
    [InlineData("TWIN001", "in uint seen",
        "partial struct S { void M<TCpu>(TCpu cpu, in uint seen) where TCpu : struct, ICpu { } }")]
    [InlineData("TWIN001", "uint* seen",
        "unsafe partial struct S { void M<TCpu>(TCpu cpu, uint* seen) where TCpu : struct, ICpu { } }")]
    [InlineData("TWIN001", "System.Span<uint> seen",
        "partial struct S { void M<TCpu>(TCpu cpu, System.Span<uint> seen) where TCpu : struct, ICpu { } }")]
    [InlineData("TWIN002", "S",
        "struct S { void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { } }")]
    [InlineData("TWIN002", "Outer",
        "class Outer { partial struct S { void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { } } }")]
    [InlineData("TWIN003", "cpu",
        "partial class S { int M<TCpu>(TCpu cpu) where TCpu : struct, ICpu => new System.Func<int>(() => cpu.Id)(); }")]
    [InlineData("TWIN003", "cpu",
        "partial class S { int M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { int F() => cpu.Id; return F(); } }")]
    [InlineData("TWIN004", "abstract void M",
        "abstract partial class S { public abstract void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu; }")]
    [InlineData("TWIN005", "M",
        "partial class S { async void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { await System.Threading.Tasks.Task.Yield(); } }")]
    [InlineData("TWIN006", "yield return 1;",
        "partial class S { System.Collections.Generic.IEnumerable<int> M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { yield return 1; } }")]
    [InlineData("TWIN007", "System.Span<int> s = new int[1]",
        "partial class S { void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { System.Span<int> s = new int[1]; s[0] = 1; } }")]
    [InlineData("TWIN007", "ref int r = ref a[0]",
        "partial class S { void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { int[] a = new[] { 1 }; ref int r = ref a[0]; r = 2; } }")]
    [InlineData("TWIN008", "cpu.FullFence()",
        "partial class S { void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { lock (this) { cpu.FullFence(); } } }")]
    [InlineData("TWIN008", "cpu.FullFence()",
        "partial class S { unsafe void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { unsafe { cpu.FullFence(); } } }")]
    [InlineData("TWIN008", "cpu.NeedsResched()",
        "partial class S { void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { try { } catch (System.Exception) when (cpu.NeedsResched()) { } } }")]
    [InlineData("TWIN008", "cpu.FullFence()",
        "partial class S { void M<TCpu>(TCpu cpu) where TCpu : struct, ICpu { try { } finally { cpu.FullFence(); } } }")]
    [InlineData("TWIN008", ".N(cpu)",
        "partial class S { void N<TCpu>(TCpu cpu) where TCpu : struct, ICpu { } void M<TCpu>(TCpu cpu, S? s) where TCpu : struct, ICpu { s?.N(cpu); } }")]
    [InlineData("TWIN009", "where TCpu : struct, ICpu",
        "partial class S<TCpu> where TCpu : struct, ICpu { }")]
    [InlineData("TWIN010", "ref int",
        "partial class S { int _a; ref int M<TCpu>(TCpu cpu) where TCpu : struct, ICpu => ref _a; }")]
    public void Generate_MethodThatCanHaveNoTwin_IsReportedAtItsPlace(string id, string place, string source)
    {
        GeneratorDriverRunResult result = Generator.Run(source);

        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        string reported = (Generator.Imports + source)[
            diagnostic.Location.SourceSpan.Start..diagnostic.Location.SourceSpan.End];
        Assert.Contains(place, reported, StringComparison.Ordinal);
        Assert.Empty(result.GeneratedTrees);
    }

    [Fact]
    public void Generate_SeveralFaults_ReportsEachOne()
    {
        GeneratorDriverRunResult result = Generator.Run(
            "struct S { ref int M<TCpu>(TCpu cpu, ref int a) where TCpu : struct, ICpu => ref a; }");

        Assert.Equal(["TWIN001", "TWIN002", "TWIN010"], result.Diagnostics.Select(found => found.Id).Order());
    }
}
