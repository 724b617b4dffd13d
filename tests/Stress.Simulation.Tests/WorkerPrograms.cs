using Stress.Machine;

namespace Stress.Simulation.Tests;

/// <summary>Clients ask, and a worker serves them: what was asked for must have been served in the end.</summary>
public readonly partial struct Served(nint root) : IScenario<Served>
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks =
        [
            new TaskSpec("client", 0), new TaskSpec("worker", 1, IsWorker: true), new TaskSpec("other client", 2),
        ],
        RootBytes = 192,
    };

    private AtomicU32 Asked => new(root);

    private AtomicU32 Answered => new(root + 64);

    private AtomicU32 OtherClients => new(root + 128);

    public static Served At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role != 1)
        {
            cpu.FetchAdd(Asked, 1u);
            cpu.FetchAdd(OtherClients, role == 2 ? 1u : 0u);
            return;
        }

        cpu.Enter("serve");
        uint answered = 0;
        while (cpu.WaitForWork(Asked, answered))
        {
            answered = cpu.ReadOnce(Asked);
            cpu.WriteOnce(Answered, answered);
        }

        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Require(cpu.ReadOnce(Answered) == cpu.ReadOnce(Asked), "all that was asked for has been served");
        cpu.Require(
            cpu.ReadOnce(OtherClients) == cpu.ReadOnce(Asked) / 2, "every second one is another client");
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }
}

/// <summary>The second task waits for what nobody writes, looking again and again.</summary>
public readonly partial struct Looker(nint root) : IScenario<Looker>
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("adder", "looker"),
        RootBytes = 128,
    };

    public static Looker At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == 0)
        {
            cpu.FetchAdd(new AtomicU32(root), 1u);
            return;
        }

        while (cpu.ReadOnce(new AtomicU32(root + 64)) == 0)
        {
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
