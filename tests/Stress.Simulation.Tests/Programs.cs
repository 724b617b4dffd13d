using Stress.Locks;
using Stress.Machine;

namespace Stress.Simulation.Tests;

/// <summary>Which CPUs of a program do something, and how.</summary>
public interface IShape
{
    /// <summary>CPUs.</summary>
    static abstract int Cpus { get; }
}

public readonly struct TwoCpus : IShape
{
    public static int Cpus => 2;
}

public readonly struct ThreeCpus : IShape
{
    public static int Cpus => 3;
}

/// <summary>On <c>broadwell-ep-2s</c>, the last of them is the second thread of the first one's core.</summary>
public readonly struct TwentyNineCpus : IShape
{
    public static int Cpus => 29;
}

/// <summary>The first and the last CPU hand a line to each other by compare-and-exchange; the others do nothing.
/// </summary>
public readonly partial struct PingPong<TShape>(nint root) : IScenario<PingPong<TShape>>
    where TShape : struct, IShape
{
    public const int Rounds = 4_000;

    public static ScenarioPlan Plan { get; } = new() { Tasks = Spread.Tasks(TShape.Cpus), RootBytes = 64 };

    private AtomicU32 Turn => new(root);

    public static PingPong<TShape> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role != 0 && role != TShape.Cpus - 1)
        {
            return;
        }

        uint mine = role == 0 ? 0u : 1u;
        for (int i = 0; i < Rounds;)
        {
            i += cpu.CompareExchange(Turn, mine, 1 - mine) == mine ? 1 : 0;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Turn) == 0, "each has had as many turns");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>Every CPU adds to one counter, and reads its own word many times before it does so again.</summary>
public readonly partial struct PausingAdders(nint root) : IScenario<PausingAdders>
{
    public const int Additions = 1_000;

    private const int Reads = 400;
    private const int Apart = 256;

    public static ScenarioPlan Plan { get; } = new() { Tasks = Spread.Tasks(2), RootBytes = 3 * Apart };

    private AtomicU64 Sum => new(root);

    public static PausingAdders At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        AtomicU64 own = new(root + ((role + 1) * Apart));
        for (int i = 0; i < Additions; i++)
        {
            cpu.FetchAdd(Sum, 1ul);
            for (int j = 0; j < Reads; j++)
            {
                cpu.ReadOnce(own);
            }
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Sum) == 2 * Additions, "an addition was lost");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>Every CPU adds to one counter, again and again.</summary>
public readonly partial struct Adders(nint root) : IScenario<Adders>
{
    public const int Additions = 4_000;

    public static ScenarioPlan Plan { get; } = new() { Tasks = ScenarioPlan.OwnCpus("adder"), RootBytes = 64 };

    private AtomicU64 Sum => new(root);

    public static Adders At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        for (int i = 0; i < Additions; i++)
        {
            cpu.FetchAdd(Sum, 1ul);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.ReadOnce(Sum) == (ulong)(Additions * cpu.TaskCount), "no addition is lost");

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>The CPUs but the first two add to a word; the first reads the other line of the pair, the second one the
/// line behind the pair.</summary>
public readonly partial struct Pair(nint root) : IScenario<Pair>
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("beside", "behind", "adder", "adder2"),
        RootBytes = 256,
    };

    private PairBlock Block => new(root);

    public static Pair At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Label(Block, "pair");

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case 0: cpu.ReadOnce(Block.Beside); break;
            case 1: cpu.ReadOnce(Block.Behind); break;
            default: cpu.FetchAdd(Block.Written, 1ul); break;
        }
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

public readonly struct PairBlock(nint at) : IHandle
{
    public static int Bytes => 256;

    public nint Address => at;

    public AtomicU64 Written => new(at);

    public AtomicU64 Beside => new(at + 64);

    public AtomicU64 Behind => new(at + 128);
}

/// <summary>One CPU holds a semaphore for reading most of the time, the others take it for writing.</summary>
public readonly partial struct Writers(nint root) : IScenario<Writers>
{
    private static readonly LockClass s_class = new("sem");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("reader", "writer", "writer2"),
        RootBytes = 4096,
    };

    private RwSemaphore Sem => new(root, s_class);

    public static Writers At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Sem.Initialize(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role > 0)
        {
            cpu.Enter("down_write");
            Sem.DownWrite(cpu);
            Sem.UpWrite(cpu);
            cpu.Leave();
            return;
        }

        cpu.Enter("down_read");
        Sem.DownRead(cpu);
        for (int i = 0; i < 30_000; i++)
        {
            cpu.ReadOnce(new AtomicU64(root + 1024));
        }

        Sem.UpRead(cpu);
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

internal static class Spread
{
    public static TaskSpec[] Tasks(int count)
    {
        var tasks = new TaskSpec[count];
        for (int i = 0; i < count; i++)
        {
            tasks[i] = new TaskSpec($"cpu{i}", i);
        }

        return tasks;
    }
}
