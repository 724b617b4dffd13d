using System;
using System.Threading;

namespace Stress.Machine.Tests.Native;

/// <summary>A FIFO lock over <see cref="ICpu"/>, so that these tests need no lock library.</summary>
internal readonly partial struct TicketLock(nint at, LockClass lockClass) : IHandle
{
    public static int Bytes => 8;

    public nint Address => at;

    public AtomicU32 Next => new(at);

    public AtomicU32 Serving => new(at + 4);

    public void Acquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        // Relaxed: the draw only picks a number.
        uint ticket = cpu.FetchAddRelaxed(Next, 1u);

        // Acquire, pairs with the release in Release.
        uint serving = cpu.LoadAcquire(Serving);
        if (serving != ticket)
        {
            cpu.LockContended(at, lockClass, 0, LockMode.Exclusive);
        }

        while (serving != ticket)
        {
            cpu.WaitWhile(Serving, serving);
            serving = cpu.LoadAcquire(Serving);
        }

        cpu.LockAcquired(at, lockClass, 0, LockMode.Exclusive);
    }

    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.LockReleased(at);

        // Relaxed: only the holder writes it.
        uint ticket = cpu.ReadOnce(Serving);

        // Release, pairs with the acquire in Acquire.
        cpu.StoreRelease(Serving, unchecked(ticket + 1));
    }
}

/// <summary>The root block that the scenarios of these tests share.</summary>
internal readonly partial struct TestRoot(nint at) : IHandle
{
    public static readonly LockClass ClassA = new("lock_a");

    public static readonly LockClass ClassB = new("lock_b");

    public static int Bytes => 512;

    public nint Address => at;

    public TicketLock LockA => new(at, ClassA);

    public TicketLock LockB => new(at + 64, ClassB);

    public PlainU64 Plain => new(at + 128);

    public AtomicU64 Made => new(at + 192);

    public AtomicU64 Shared => new(at + 256);

    public AtomicPtr Object => new(at + 320);

    public AtomicU32 Flag => new(at + 384);
}

/// <summary>An object of a slab cache.</summary>
internal readonly partial struct Thing(nint at) : IHandle
{
    public static int Bytes => 40;

    public nint Address => at;

    public PlainU64 First => new(at);

    public AtomicU64 Second => new(at + 8);
}

/// <summary>What is different between the scenarios of a test.</summary>
internal interface IChoice
{
    static abstract bool Value { get; }
}

internal readonly struct Yes : IChoice
{
    public static bool Value => true;
}

internal readonly struct No : IChoice
{
    public static bool Value => false;
}

/// <summary>Counts with a plain read and write, under a lock or not; nothing may be lost.</summary>
internal readonly partial struct PlainCounter<TLocked>(nint root) : IScenario<PlainCounter<TLocked>>
    where TLocked : struct, IChoice
{
    public static ScenarioPlan Plan => new()
    {
        Tasks = ScenarioPlan.OwnCpus("left", "right"),
        RootBytes = TestRoot.Bytes,
    };

    private TestRoot Root => new(root);

    public static PlainCounter<TLocked> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Label(Root, "root");

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("count_up");
        if (TLocked.Value)
        {
            Root.LockA.Acquire(cpu);
        }

        ulong before = cpu.Read(Root.Plain);
        cpu.Write(Root.Plain, before + 1);
        if (TLocked.Value)
        {
            Root.LockA.Release(cpu);
        }

        cpu.FetchAddRelaxed(Root.Made, 1ul);
        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.Read(Root.Plain) == cpu.ReadOnce(Root.Made), "no update is lost");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>Two tasks on one CPU count in its area without atomics; right only if preemption is disabled.</summary>
internal readonly partial struct PerCpuCount<TDisables>(nint root) : IScenario<PerCpuCount<TDisables>>
    where TDisables : struct, IChoice
{
    public static ScenarioPlan Plan => new()
    {
        Tasks = [new TaskSpec("task", 0), new TaskSpec("interrupt", 0)],
        RootBytes = TestRoot.Bytes,
    };

    private TestRoot Root => new(root);

    public static PerCpuCount<TDisables> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (TDisables.Value)
        {
            cpu.PreemptDisable();
        }

        var counter = new PlainU64(cpu.PerCpu(cpu.Id));
        ulong before = cpu.Read(counter);
        cpu.Write(counter, before + 1);
        if (TDisables.Value)
        {
            cpu.PreemptEnable();
        }

        cpu.FetchAddRelaxed(Root.Made, 1ul);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.Read(new PlainU64(cpu.PerCpu(0))) == cpu.ReadOnce(Root.Made), "no per-cpu update is lost");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>Takes two locks in opposite orders, after both tasks have taken their first.</summary>
internal readonly partial struct OppositeOrders(nint root) : IScenario<OppositeOrders>
{
    public static ScenarioPlan Plan => new()
    {
        Tasks = ScenarioPlan.OwnCpus("forward", "backward"),
        RootBytes = TestRoot.Bytes,
    };

    private TestRoot Root => new(root);

    public static OppositeOrders At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Label(Root, "root");

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("take_both", role);
        TicketLock first = role == 0 ? Root.LockA : Root.LockB;
        TicketLock second = role == 0 ? Root.LockB : Root.LockA;
        first.Acquire(cpu);
        cpu.FetchAdd(Root.Made, 1ul);
        cpu.WaitWhile(Root.Made, 1ul);
        second.Acquire(cpu);
        second.Release(cpu);
        first.Release(cpu);
        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>What the work of <see cref="OneMistake{TMistake}"/> does wrong.</summary>
internal interface IMistake
{
    static abstract string Name { get; }
}

internal readonly struct None : IMistake
{
    public static string Name => "none";
}

internal readonly struct Throws : IMistake
{
    public static string Name => "throws";
}

internal readonly struct Warns : IMistake
{
    public static string Name => "warns";
}

internal readonly struct Leaks : IMistake
{
    public static string Name => "leaks";
}

internal readonly struct FreesTwice : IMistake
{
    public static string Name => "frees-twice";
}

internal readonly struct ReadsFreed : IMistake
{
    public static string Name => "reads-freed";
}

internal readonly struct PreparesForEver : IMistake
{
    public static string Name => "prepares-for-ever";
}

internal readonly struct LoopsForEver : IMistake
{
    public static string Name => "loops-for-ever";
}

internal readonly struct BlocksOutside : IMistake
{
    public static string Name => "blocks-outside";
}

internal readonly struct ChecksBadly : IMistake
{
    public static string Name => "checks-badly";
}

/// <summary>Allocates and frees, with one mistake.</summary>
internal readonly partial struct OneMistake<TMistake>(nint root) : IScenario<OneMistake<TMistake>>
    where TMistake : struct, IMistake
{
    public static readonly SlabCache Things = SlabCache.For<Thing>($"thing-{TMistake.Name}");

    public static ScenarioPlan Plan => new()
    {
        Tasks = ScenarioPlan.OwnCpus("maker"),
        RootBytes = TestRoot.Bytes,
    };

    private TestRoot Root => new(root);

    public static OneMistake<TMistake> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (TMistake.Name == "prepares-for-ever")
        {
            cpu.WaitWhile(Root.Flag, 0u);
        }
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("make", role, 7);
        if (TMistake.Name == "throws")
        {
            throw new InvalidOperationException("the model is wrong");
        }

        while (TMistake.Name == "loops-for-ever" && cpu.ReadOnce(Root.Flag) == 0)
        {
            // Nobody sets it, and the loop does not say that it waits.
        }

        if (TMistake.Name == "blocks-outside")
        {
            Thread.Sleep(Timeout.Infinite);
        }

        cpu.WarnOn(TMistake.Name == "warns", "something is odd");
        var thing = new Thing(cpu.Alloc(Things));
        if (thing.Address != 0)
        {
            cpu.Write(thing.First, 1ul);
            if (TMistake.Name != "leaks")
            {
                cpu.Free(Things, thing.Address);
            }

            if (TMistake.Name == "frees-twice")
            {
                cpu.Free(Things, thing.Address);
            }

            if (TMistake.Name == "reads-freed")
            {
                cpu.ReadOnce(thing.Second);
            }
        }
        else
        {
            cpu.FetchAdd(Root.Made, 1ul);
        }

        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.BugOn(TMistake.Name == "checks-badly", "the check failed");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>A producer counts up; a worker takes over what was produced until nothing is left.</summary>
internal readonly partial struct Service(nint root) : IScenario<Service>
{
    public static ScenarioPlan Plan => new()
    {
        Tasks = [new TaskSpec("producer", 0), new TaskSpec("worker", 1, IsWorker: true)],
        RootBytes = TestRoot.Bytes,
    };

    private TestRoot Root => new(root);

    public static Service At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            cpu.FetchAdd(Root.Shared, 1ul);
            cpu.FetchAdd(Root.Made, 1ul);
            return;
        }

        while (cpu.WaitForWork(Root.Shared, 0ul))
        {
            ulong taken = cpu.Exchange(Root.Shared, 0ul);
            ulong before = cpu.Read(Root.Plain);
            cpu.Write(Root.Plain, before + taken);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(
            cpu.Read(Root.Plain) == cpu.ReadOnce(Root.Made) && cpu.ReadOnce(Root.Shared) == 0,
            "the worker has taken everything");
}
