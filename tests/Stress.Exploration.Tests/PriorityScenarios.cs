using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>The priorities of two tasks that share a CPU, and where a third one runs.</summary>
public interface IPriorities
{
    static virtual int High => 1;

    static virtual int HelperCpu => 1;
}

/// <summary>One is real-time.</summary>
public readonly struct OneIsRealTime : IPriorities;

/// <summary>None is.</summary>
public readonly struct NoneIsRealTime : IPriorities
{
    public static int High => 0;
}

/// <summary>One is, and the helper is a normal task of the same CPU.</summary>
public readonly struct HelperSharesCpu : IPriorities
{
    public static int HelperCpu => 0;
}

/// <summary>A normal task that looks how far the task above it has come.</summary>
public readonly partial struct PriorityRule<TPriorities>(nint root) : IScenario<PriorityRule<TPriorities>>
    where TPriorities : struct, IPriorities
{
    private const int Low = 0;
    private const int High = 1;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new("low", 0), new("high", 0, Priority: TPriorities.High), new("helper", TPriorities.HelperCpu)],
        RootBytes = 64,
    };

    private AtomicU32 Stage => new(root);

    private AtomicU32 Go => new(root + 8);

    public static PriorityRule<TPriorities> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("act");
        switch (role)
        {
            case Low:
                cpu.Require(cpu.ReadOnce(Stage) == 1, "it runs once the other waits");
                cpu.PreemptDisable();
                cpu.WriteOnce(Go, 1u);
                cpu.Require(cpu.ReadOnce(Stage) == 1, "it goes on while preemption is off");
                cpu.PreemptEnable();
                cpu.Require(cpu.ReadOnce(Stage) == 3, "it goes on once the other has ended");
                break;

            case High:
                cpu.WriteOnce(Stage, 1u);
                cpu.WaitWhile(Go, 0u);
                cpu.WriteOnce(Stage, 2u);
                cpu.WriteOnce(Stage, 3u);
                break;

            default:
                cpu.ReadOnce(Stage);
                cpu.ReadOnce(Stage);
                break;
        }

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

/// <summary>A task spins until a helper sets a flag, and asks each time whether its CPU is wanted.</summary>
public readonly partial struct PrioritySpin<TPriorities>(nint root) : IScenario<PrioritySpin<TPriorities>>
    where TPriorities : struct, IPriorities
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new("spinner", 0, Priority: TPriorities.High), new("helper", TPriorities.HelperCpu)],
        RootBytes = 64,
        MaxPoints = 500,
    };

    private AtomicU32 Flag => new(root);

    public static PrioritySpin<TPriorities> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("act");
        if (role == 0)
        {
            while (cpu.ReadOnce(Flag) < 3)
            {
                cpu.Require(!cpu.NeedsResched(), "a real-time task keeps its CPU");
            }
        }
        else
        {
            cpu.WriteOnce(Flag, 1u);
            cpu.WriteOnce(Flag, 2u);
            cpu.WriteOnce(Flag, 3u);
        }

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
