using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>Two threads fault on pages of a private mapping, fail afterwards, and give the pages back.</summary>
public readonly partial struct RestoreReserve<TRule>(nint root) : IScenario<RestoreReserve<TRule>>
    where TRule : struct, IHugetlbRule
{
    private const long Length = 4;

    private readonly HugetlbBlock<TRule> _block = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = HugetlbBlock<TRule>.Bytes,
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    public static RestoreReserve<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Prepare(cpu, pages: Length, max: 0, min: 0);
        _block.Vma.Initialize(cpu, _block.File.Inode, isShared: false, Length);
        _block.Vma.Reserve(cpu, _block.PrivateMap);
        cpu.Label(_block.PrivateMap, "resv");
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => FaultAndFail(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        long page = cpu.Choose((uint)Length);
        _block.FaultMutex.Acquire(cpu);
        FaultAndFail(cpu, page);
        _block.FaultMutex.Release(cpu);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        MapSteps<TRule>.Check(cpu, _block.PrivateMap);
        long unused = Length - _block.PrivateMap.SoundPages(cpu);
        cpu.Require(cpu.Read(_block.Pool.Reserved) == unused, HugetlbBlock<TRule>.CountWrong);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        _block.Vma.Close(cpu);
        cpu.Require(cpu.Read(_block.Pool.Reserved) == 0, HugetlbBlock<TRule>.CountWrong);
        _block.Teardown(cpu);
    }

    private void FaultAndFail<TCpu>(TCpu cpu, long page) where TCpu : struct, ICpu
    {
        HugeFolio folio = _block.Vma.Allocate(cpu, page);
        if (folio.Address != 0)
        {
            _block.Vma.RestoreReserve(cpu, page, folio);
            _block.Pool.Free(cpu, folio);
        }
    }
}
