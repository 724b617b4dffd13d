using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Scenarios.Vma;

/// <summary>One task looks a VMA up, locks it, and unlocks it; another unmaps it, and a third frees.</summary>
/// <remarks>The lookup races with the free under locks of either kind. The tail of the unlock, which is what counts for
/// the RCU section around it, is there with their real algorithm only.</remarks>
public readonly partial struct ReaderVsUnmapper<TLayout, TRule, TLocks>(nint root)
    : IScenario<ReaderVsUnmapper<TLayout, TRule, TLocks>>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
    where TLocks : struct, IExploredLocks
{
    private readonly VmaWorld<TLayout, TRule> _world = new(root);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("reader", 0), new TaskSpec("unmapper", 1), new TaskSpec("rcu", 2, IsWorker: true)],
        RootBytes = VmaBlock.Bytes,
        KnownRaces = VmaRaces.Known,
        PlainAccessesArePoints = false,
        ExploresRealLocks = TLocks.AreReal,
    };

    public static ReaderVsUnmapper<TLayout, TRule, TLocks> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Prepare(cpu, slots: 1);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                _world.ReadSection(cpu, 0);
                break;
            case 1:
                _world.Space(cpu).Munmap(cpu, 0, PageTable.Span, mayDowngrade: false);
                break;
            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case 0:
                _world.ReadSection(cpu, 0);
                break;
            case 1:
                if (_world.Space(cpu).Munmap(cpu, 0, PageTable.Span, mayDowngrade: false) > 0)
                {
                    _world.Space(cpu).Mmap(cpu, 0, PageTable.Span, VmaWorld<TLayout, TRule>.ReadWrite);
                }
                break;
            default:
                _world.ServeRcu(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Check(cpu);

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => _world.Teardown(cpu);
}

/// <summary>How the locks of a scenario are taken when it is explored.</summary>
public interface IExploredLocks
{
    static abstract bool AreReal { get; }
}

/// <summary>By their real algorithm.</summary>
public readonly struct RealLocks : IExploredLocks
{
    public static bool AreReal => true;
}

/// <summary>As a whole.</summary>
public readonly struct AtomicLocks : IExploredLocks
{
    public static bool AreReal => false;
}
