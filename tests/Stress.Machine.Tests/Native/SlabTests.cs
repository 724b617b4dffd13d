using System;
using System.Linq;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

/// <summary>The slab allocator of the native machine: placement, fills, reuse, and what it finds.</summary>
public sealed class SlabTests : IDisposable
{
    private const int Quarantine = 4;

    private static readonly SlabCache s_packed = SlabCache.For<Thing>("packed");
    private static readonly SlabCache s_aligned = SlabCache.For<Thing>("aligned", SlabOptions.CacheLineAligned);
    private static readonly SlabCache s_zeroed = SlabCache.For<Thing>("zeroed", SlabOptions.Zeroed);
    private static readonly SlabCache s_typesafe = SlabCache.For<Thing>("typesafe", SlabOptions.TypesafeByRcu);
    private static readonly SlabCache s_noFail = SlabCache.For<Thing>("no-fail", SlabOptions.NoFail);

    private readonly NativeMachine _machine = NewMachine(failAlloc: 0);

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Alloc_WithoutAlignment_RoamsOverCacheLines()
    {
        nint[] objects = AllocMany(s_packed, 50);

        Assert.Equal(objects.Skip(1), objects.SkipLast(1).Select(at => at + s_packed.Stride));
        Assert.Equal(8, objects.Select(at => at % 64).Distinct().Count());
    }

    [Fact]
    public void Alloc_CacheLineAligned_StartsALineEach()
        => Assert.All(AllocMany(s_aligned, 50), at => Assert.Equal(0, at % 64));

    [Fact]
    public void Alloc_Fills_WithFreshOrZero()
    {
        NativeCpu cpu = _machine.CpuOf(0);

        Assert.Equal(0x5a5a5a5a5a5a5a5aul, cpu.Read(new Thing(cpu.Alloc(s_packed)).First));
        Assert.Equal(0x5a5a5a5a5a5a5a5aul, cpu.Read(new Thing(cpu.Alloc(s_typesafe)).First));
        Assert.Equal(0ul, cpu.Read(new Thing(cpu.Alloc(s_zeroed)).First));
    }

    [Fact]
    public void Alloc_AfterQuarantine_ZeroesAgain()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        for (int i = 0; i < 1000; i++)
        {
            var thing = new Thing(cpu.Alloc(s_zeroed));
            Assert.Equal(0ul, cpu.Read(thing.First));
            cpu.Write(thing.First, 1ul);
            cpu.Free(s_zeroed, thing.Address);
        }
    }

    [Fact]
    public void Free_Object_IsPoisonedAndHeldBack()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        var thing = new Thing(cpu.Alloc(s_packed));
        cpu.Free(s_packed, thing.Address);

        Assert.Equal(0x6b6b6b6b6b6b6b6bul, cpu.Read(thing.First));
        Assert.DoesNotContain(thing.Address, AllocMany(s_packed, Quarantine));
    }

    [Fact]
    public void Free_TypesafeObject_IsRecycledAtOnceAsItWas()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        var thing = new Thing(cpu.Alloc(s_typesafe));
        cpu.Write(thing.First, 7ul);
        cpu.Free(s_typesafe, thing.Address);

        Assert.Equal(7ul, cpu.Read(thing.First));
        Assert.Equal(thing.Address, cpu.Alloc(s_typesafe));
        Assert.Equal(7ul, cpu.Read(thing.First));
    }

    [Fact]
    public void Free_WriteAfterwards_IsFoundWhenTheObjectLeavesQuarantine()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        var thing = new Thing(cpu.Alloc(s_packed));
        nint[] others = AllocMany(s_packed, Quarantine);
        cpu.Free(s_packed, thing.Address);
        cpu.WriteOnce(thing.Second, 1ul);
        Array.ForEach(others[..^1], at => cpu.Free(s_packed, at));
        Assert.Null(_machine.Run.Finding);

        Assert.Throws<RunFailedException>(() => cpu.Free(s_packed, others[^1]));
        Assert.Equal(
            new HammerFinding(FindingKind.UseAfterFree, "write after free of packed.Second", "task", ""),
            _machine.Run.Finding);
    }

    [Fact]
    public void CheckQuarantines_WriteAfterFree_IsFoundAtTheEnd()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        var thing = new Thing(cpu.Alloc(s_packed));
        cpu.Free(s_packed, thing.Address);
        Assert.Null(_machine.CheckQuarantines());

        cpu.Write(thing.First, 1ul);

        Assert.Equal("write after free of packed.First", _machine.CheckQuarantines()?.Text);
    }

    [Fact]
    public void Free_Twice_IsADoubleFree()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        nint at = cpu.Alloc(s_packed);
        cpu.Free(s_packed, at);

        RunFailedException failed = Assert.Throws<RunFailedException>(() => cpu.Free(s_packed, at));
        Assert.Equal(FindingKind.DoubleFree, failed.Kind);
        Assert.Equal("double free of packed", failed.Message);
    }

    [Fact]
    public void Free_TypesafeTwice_IsADoubleFree()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        nint at = cpu.Alloc(s_typesafe);
        cpu.Free(s_typesafe, at);

        RunFailedException failed = Assert.Throws<RunFailedException>(() => cpu.Free(s_typesafe, at));
        Assert.Equal("double free of typesafe", failed.Message);
    }

    [Theory]
    [InlineData(8, "free of packed.Second, which is no packed")]
    [InlineData(-1, "free of root+0, which is no packed")]
    public void Free_OfNoObject_IsADoubleFree(int offset, string text)
    {
        NativeCpu cpu = _machine.CpuOf(0);
        nint at = offset < 0 ? _machine.Root : cpu.Alloc(s_packed) + offset;

        RunFailedException failed = Assert.Throws<RunFailedException>(() => cpu.Free(s_packed, at));
        Assert.Equal(FindingKind.DoubleFree, failed.Kind);
        Assert.Equal(text, failed.Message);
    }

    [Fact]
    public void Free_ToAnotherCache_IsADoubleFree()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        nint at = cpu.Alloc(s_packed);

        RunFailedException failed = Assert.Throws<RunFailedException>(() => cpu.Free(s_zeroed, at));
        Assert.Equal("free of packed.First, which is no zeroed", failed.Message);
    }

    [Fact]
    public void CheckLeaks_ObjectsLeft_AreCountedByCache()
    {
        NativeCpu cpu = _machine.CpuOf(0);
        nint[] objects = AllocMany(s_packed, 3);
        cpu.Alloc(s_zeroed);
        cpu.Free(s_packed, objects[0]);

        Assert.Equal("still allocated: 2 packed, 1 zeroed", _machine.CheckLeaks()?.Text);
        Assert.Equal(new HammerCache("packed", 3, 2, 2), _machine.CountObjects()[0]);
    }

    [Fact]
    public void CheckLeaks_FreedByAnotherTask_IsNoLeak()
    {
        nint[] objects = AllocMany(s_packed, 300);
        Array.ForEach(objects, at => _machine.CpuOf(1).Free(s_packed, at));

        Assert.Null(_machine.CheckLeaks());
        Assert.Equal(300, AllocMany(s_packed, 300).Distinct().Count());
    }

    [Fact]
    public void Alloc_FailureInjected_FollowsTheSeedAndSparesNoFail()
    {
        using NativeMachine one = NewMachine(failAlloc: 0.5);
        using NativeMachine other = NewMachine(failAlloc: 0.5);
        one.Tasks[0].IsDisturbed = true;
        other.Tasks[0].IsDisturbed = true;
        bool[] failures = Failures(one, s_packed);

        Assert.Equal(failures, Failures(other, s_packed));
        Assert.InRange(failures.Count(failed => failed), 60, 140);
        Assert.DoesNotContain(true, Failures(one, s_noFail));
    }

    [Fact]
    public void Alloc_ArenaIsFull_NamesItsSize()
    {
        InsufficientMemoryException full = Assert.Throws<InsufficientMemoryException>(
            () => AllocMany(s_packed, 100_000));

        Assert.StartsWith("The arena of 1024 KiB is full", full.Message, StringComparison.Ordinal);
    }

    private static bool[] Failures(NativeMachine machine, SlabCache cache)
    {
        bool[] failures = new bool[200];
        for (int i = 0; i < failures.Length; i++)
        {
            failures[i] = machine.CpuOf(0).Alloc(cache) == 0;
        }

        return failures;
    }

    private static NativeMachine NewMachine(double failAlloc)
        => new(new NativeMachineOptions
        {
            Tasks = [new TaskSpec("task", 0), new TaskSpec("other", 1)],
            ArenaBytes = 1 << 20,
            QuarantineObjects = Quarantine,
            FailAlloc = failAlloc,
        });

    private nint[] AllocMany(SlabCache cache, int count)
    {
        nint[] objects = new nint[count];
        for (int i = 0; i < count; i++)
        {
            objects[i] = _machine.CpuOf(0).Alloc(cache);
        }

        return objects;
    }
}
