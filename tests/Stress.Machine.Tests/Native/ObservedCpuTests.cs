using System;
using System.Linq;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

/// <summary>What the observed CPU checks and notes beside the access itself.</summary>
public sealed class ObservedCpuTests : IDisposable
{
    private static readonly SlabCache s_things = SlabCache.For<Thing>("observed_thing");
    private static readonly SlabCache s_recycled = SlabCache.For<Thing>("recycled_thing", SlabOptions.TypesafeByRcu);

    private readonly NativeMachine _machine = NativeMachine.Observed(new NativeMachineOptions
    {
        Tasks = ScenarioPlan.OwnCpus("one", "two"),
        RootBytes = TestRoot.Bytes,
        ArenaBytes = 1 << 20,
    });

    private ObservedTask Task => (ObservedTask)_machine.Tasks[0];

    private ObservedCpu Cpu => new(Task);

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Access_FreedObject_IsAUseAfterFree()
    {
        var thing = new Thing(Cpu.Alloc(s_things));
        Cpu.Write(thing.First, 1ul);
        Cpu.Free(s_things, thing.Address);

        AssertFails(() => Cpu.Read(thing.First), "access to freed observed_thing.First");
        AssertFails(() => Cpu.FetchAdd(thing.Second, 1ul), "access to freed observed_thing.Second");
    }

    [Fact]
    public void Access_FreedTypesafeObject_IsLegal()
    {
        var thing = new Thing(Cpu.Alloc(s_recycled));
        Cpu.Write(thing.First, 3ul);
        Cpu.Free(s_recycled, thing.Address);

        Assert.Equal(3ul, Cpu.Read(thing.First));
        Assert.Null(_machine.Run.Finding);
    }

    [Fact]
    public void Access_BehindTheLastObject_IsAUseAfterFree()
    {
        nint at = Cpu.Alloc(s_things);

        RunFailedException failed = Assert.Throws<RunFailedException>(
            () => Cpu.Read(new PlainU64(at + s_things.Stride)));
        Assert.Equal(FindingKind.UseAfterFree, failed.Kind);
        Assert.Equal("access to the unused slab of observed_thing", failed.Message);
    }

    [Fact]
    public void Access_PointerFromAFreedObject_SaysWhereItCameFrom()
        => AssertFails(
            () => Cpu.Read(new PlainU64(unchecked((nint)0x6b6b6b6b6b6b6b73))),
            "access to address 0x6b6b6b6b6b6b6b73: a pointer read from a freed object");

    [Fact]
    public void Access_NullPointer_IsAUseAfterFree()
        => AssertFails(() => Cpu.ReadOnce(new AtomicU32(8)), "access to address 0x8, where no object ever was");

    [Fact]
    public void Operations_Nested_AreNamedFromTheOutermost()
    {
        Cpu.Enter("outer", 1, 2);
        Cpu.Enter("inner");
        Assert.Equal("outer(1, 2) > inner()", Task.Operation);

        Cpu.Leave(0);
        Assert.Equal("outer(1, 2)", Task.Operation);

        Cpu.Leave();
        Assert.Equal("", Task.Operation);
    }

    [Fact]
    public void PreemptDisable_AndIrqDisable_Nest()
    {
        Cpu.PreemptDisable();
        Cpu.IrqDisable();
        Assert.Equal(2, Task.PreemptDepth);

        Cpu.IrqEnable();
        Cpu.PreemptEnable();
        Assert.Equal(0, Task.PreemptDepth);
    }

    [Fact]
    public void Describe_Address_NamesTheSmallestLabelAndTheField()
    {
        var root = new TestRoot(_machine.Root);
        Cpu.Label(root, "root");
        Cpu.Label(root.LockB, "second lock");

        Assert.Equal("root.LockA.Serving", _machine.Describe(root.LockA.Serving.Address));
        Assert.Equal("second lock.Serving", _machine.Describe(root.LockB.Serving.Address));
        Assert.Equal("root+0x1f4", _machine.Describe(root.Address + 500));
        Assert.Equal("task two.OnCpu", _machine.Describe(_machine.Tasks[1].Memory.OnCpu.Address));
        Assert.Equal("the area of cpu 1+16", _machine.Describe(Cpu.PerCpu(1) + 16));
    }

    [Fact]
    public void Choose_Perturbed_DrawsTheSameNumbers()
    {
        using var perturbed = NativeMachine.Observed(_machine.Options with { Perturb = 1 });
        perturbed.Tasks[0].IsDisturbed = true;

        Assert.Equal(Draw(Cpu), Draw(new ObservedCpu((ObservedTask)perturbed.Tasks[0])));
    }

    private static uint[] Draw(ObservedCpu cpu)
        => [.. Enumerable.Range(0, 20).Select(_ =>
        {
            cpu.ReadOnce(cpu.Current.State);
            return cpu.Choose(1000);
        })];

    private static void AssertFails(Action access, string text)
    {
        RunFailedException failed = Assert.Throws<RunFailedException>(access);
        Assert.Equal(FindingKind.UseAfterFree, failed.Kind);
        Assert.Equal(text, failed.Message);
    }
}
