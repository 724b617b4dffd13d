using Stress.Machine;

namespace Stress.Simulation.Tests;

/// <summary>What a task does that it must not.</summary>
public interface IWay
{
    /// <summary>Its number.</summary>
    static abstract int Number { get; }
}

public readonly struct ReadsNull : IWay
{
    public static int Number => 0;
}

public readonly struct WritesFarAway : IWay
{
    public static int Number => 1;
}

public readonly struct AddsFarAway : IWay
{
    public static int Number => 2;
}

public readonly struct WaitsFarAway : IWay
{
    public static int Number => 3;
}

public readonly struct FreesFarAway : IWay
{
    public static int Number => 4;
}

public readonly struct WakesNobody : IWay
{
    public static int Number => 5;
}

public readonly struct Throws : IWay
{
    public static int Number => 6;
}

/// <summary>A task that works a while and then goes astray, two calls deep.</summary>
public readonly partial struct Astray<TWay>(nint root) : IScenario<Astray<TWay>>
    where TWay : struct, IWay
{
    private const uint Rounds = 20;
    private const nint FarAway = 1 << 30;
    private static readonly SlabCache s_cache = SlabCache.For<TaskStruct>("astray", SlabOptions.NoFail);
    private static readonly int[] s_none = [];

    public static ScenarioPlan Plan { get; } = new() { Tasks = ScenarioPlan.OwnCpus("walker"), RootBytes = 64 };

    private AtomicU32 Count => new(root);

    public static Astray<TWay> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (cpu.FetchAdd(Count, 1u) == Rounds)
        {
            Go(cpu);
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

    private void Go<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint far = root + FarAway;
        switch (TWay.Number)
        {
            case 0:
                cpu.ReadOnce(new AtomicU64(8));
                break;
            case 1:
                cpu.WriteOnce(new AtomicU64(far), 1ul);
                break;
            case 2:
                cpu.FetchAdd(new AtomicU64(far), 1ul);
                break;
            case 3:
                cpu.WaitWhile(new AtomicU32(far), 0u);
                break;
            case 4:
                cpu.Free(s_cache, far);
                break;
            case 5:
                cpu.Unpark(new TaskStruct(root));
                break;
            default:
                cpu.WriteOnce(Count, (uint)s_none[cpu.ReadOnce(Count)]);
                break;
        }

        cpu.ReadOnce(Count);
    }
}
