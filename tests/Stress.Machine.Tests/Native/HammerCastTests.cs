using System;
using System.Linq;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

/// <summary>Which thread plays which role, as seen in the result, and on which CPU.</summary>
public sealed class HammerCastTests
{
    private static readonly HammerOptions s_short = new()
    {
        Duration = TimeSpan.FromMilliseconds(20),
        ArenaBytes = 4 << 20,
    };

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 1, 1)]
    [InlineData(5, 3, 2)]
    public void Run_Threads_PlayTheRolesInTurn(int threads, int left, int right)
    {
        HammerResult result = Hammer.Run<PlainCounter<Yes>>(s_short with { Threads = threads });

        Assert.Equal([left, right], result.Roles.Select(role => role.Threads));
        Assert.Equal(threads, result.Threads);
    }

    [Fact]
    public void Run_WorkerRole_GetsOneThreadMore()
    {
        HammerResult result = Hammer.Run<Service>(s_short with { Threads = 3 });

        Assert.Equal([3, 1], result.Roles.Select(role => role.Threads));
    }

    [Fact]
    public void Run_SharedCpuInThePlan_IsSharedWithinARound()
    {
        HammerResult result = Hammer.Run<SaysItsCpu>(
            s_short with { Threads = 4, Watchdog = TimeSpan.FromMilliseconds(200) });

        Assert.Equal(FindingKind.Hang, result.Finding?.Kind);
        Assert.Collection(
            result.HangReport!.Split('\n'),
            line => Assert.StartsWith("task-0 (task 0, cpu 0) ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("interrupt-0 (task 1, cpu 0) ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("task-1 (task 2, cpu 1) ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("interrupt-1 (task 3, cpu 1) ", line, StringComparison.Ordinal));
    }
}

/// <summary>Hangs in its check, so that the report names each task and its CPU.</summary>
internal readonly partial struct SaysItsCpu(nint root) : IScenario<SaysItsCpu>
{
    public static ScenarioPlan Plan => PerCpuCount<Yes>.Plan;

    public static SaysItsCpu At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Require(cpu.CpuCount == 2, "2 CPUs");

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.WaitWhile(new AtomicU32(root), 0u);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}
