using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Stress.Machine.Native;

/// <summary>Which thread plays which role, on which CPU.</summary>
internal sealed class HammerCast
{
    private readonly Dictionary<(int Round, int PlanCpu), int> _cpus = [];

    public HammerCast(ScenarioPlan plan, int threads)
    {
        Roles = [.. plan.Tasks];
        IReadOnlyList<int> players = plan.Players;
        if (players.Count == 0)
        {
            throw new ArgumentException("The scenario has no task that is not a worker.", nameof(plan));
        }

        ImmutableArray<int>.Builder roles = ImmutableArray.CreateBuilder<int>();
        ImmutableArray<TaskSpec>.Builder tasks = ImmutableArray.CreateBuilder<TaskSpec>();
        for (int i = 0; i < threads; i++)
        {
            int role = players[i % players.Count];
            int round = i / players.Count;
            bool isAlone = threads <= players.Count + (i % players.Count);
            roles.Add(role);
            tasks.Add(Roles[role] with
            {
                Name = isAlone ? Roles[role].Name : $"{Roles[role].Name}-{round}",
                Cpu = CpuOf(round, Roles[role].Cpu),
            });
        }

        foreach (int role in plan.Workers)
        {
            roles.Add(role);
            tasks.Add(Roles[role] with { Cpu = CpuOf(0, Roles[role].Cpu) });
        }

        RoleOf = roles.ToImmutable();
        Tasks = tasks.ToImmutable();
    }

    /// <summary>The tasks of the plan.</summary>
    public ImmutableArray<TaskSpec> Roles { get; }

    /// <summary>The tasks of the run, one a thread; workers last.</summary>
    public ImmutableArray<TaskSpec> Tasks { get; }

    /// <summary>The role of each task.</summary>
    public ImmutableArray<int> RoleOf { get; }

    /// <summary>Whether two tasks share a CPU.</summary>
    public bool SharesCpus => _cpus.Count < Tasks.Length;

    private int CpuOf(int round, int planCpu)
    {
        if (!_cpus.TryGetValue((round, planCpu), out int cpu))
        {
            cpu = _cpus.Count;
            _cpus.Add((round, planCpu), cpu);
        }

        return cpu;
    }
}
