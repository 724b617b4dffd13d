using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>Two users write <c>nr_hugepages</c> at once.</summary>
public readonly partial struct SysctlTable<TCopy>(nint root) : IScenario<SysctlTable<TCopy>>
    where TCopy : struct, ISysctlTable
{
    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = HugetlbSysctl<TCopy>.Bytes,
    };

    private HugetlbSysctl<TCopy> Table => new(root);

    public static SysctlTable<TCopy> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.Label(Table, "table");

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => WriteNumber(cpu, (ulong)task + 1);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => WriteNumber(cpu, (ulong)cpu.Task + 1);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void WriteNumber<TCpu>(TCpu cpu, ulong number) where TCpu : struct, ICpu
    {
        ulong understood = Table.Write(cpu, number);
        cpu.Require(understood == number, "a handler understands what its own user wrote");
    }
}
