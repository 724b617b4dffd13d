using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>How a flag is set, or awaited.</summary>
public enum FlagOrder
{
    Relaxed,
    Ordered,
    Fenced,
    FullyFenced,
    FullyOrdered,
}

/// <summary>A choice of <see cref="FlagOrder"/>.</summary>
public interface IFlagOrder
{
    static abstract FlagOrder Order { get; }
}

public readonly struct Relaxed : IFlagOrder
{
    public static FlagOrder Order => FlagOrder.Relaxed;
}

/// <summary>Release or acquire.</summary>
public readonly struct Ordered : IFlagOrder
{
    public static FlagOrder Order => FlagOrder.Ordered;
}

/// <summary>A write fence or a read fence.</summary>
public readonly struct Fenced : IFlagOrder
{
    public static FlagOrder Order => FlagOrder.Fenced;
}

public readonly struct FullyFenced : IFlagOrder
{
    public static FlagOrder Order => FlagOrder.FullyFenced;
}

/// <summary>An exchange or an add.</summary>
public readonly struct FullyOrdered : IFlagOrder
{
    public static FlagOrder Order => FlagOrder.FullyOrdered;
}

/// <summary>One task writes plainly and sets a flag; the other awaits the flag and reads plainly.</summary>
public readonly partial struct MessagePassing<TSet, TAwait>(nint root) : IScenario<MessagePassing<TSet, TAwait>>
    where TSet : struct, IFlagOrder
    where TAwait : struct, IFlagOrder
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("writer", "reader"),
        RootBytes = 64,
    };

    private PlainU64 Data => new(root);

    private AtomicU32 Flag => new(root + 8);

    public static MessagePassing<TSet, TAwait> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task == 0)
        {
            cpu.Enter("send");
            cpu.Write(Data, 1ul);
            Set(cpu);
            cpu.Leave();
        }
        else
        {
            cpu.Enter("receive");
            Await(cpu);
            cpu.Require(cpu.Read(Data) == 1, "the message is there");
            cpu.Leave();
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
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

    private void Set<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        switch (TSet.Order)
        {
            case FlagOrder.Ordered:
                cpu.StoreRelease(Flag, 1u);
                break;
            case FlagOrder.Fenced:
                cpu.WriteFence();
                cpu.WriteOnce(Flag, 1u);
                break;
            case FlagOrder.FullyFenced:
                cpu.FullFence();
                cpu.WriteOnce(Flag, 1u);
                break;
            case FlagOrder.FullyOrdered:
                cpu.Exchange(Flag, 1u);
                break;
            default:
                cpu.WriteOnce(Flag, 1u);
                break;
        }
    }

    private void Await<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.WaitWhile(Flag, 0u);
        switch (TAwait.Order)
        {
            case FlagOrder.Ordered:
                cpu.LoadAcquire(Flag);
                break;
            case FlagOrder.Fenced:
                cpu.ReadFence();
                break;
            case FlagOrder.FullyFenced:
                cpu.FullFence();
                break;
            case FlagOrder.FullyOrdered:
                cpu.FetchAdd(Flag, 1u);
                break;
            default:
                cpu.CompareExchange(Flag, 7u, 0u);
                break;
        }
    }
}
