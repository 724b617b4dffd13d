using Stress.Machine;
using Stress.Mm.Hugetlb;

namespace Stress.Scenarios.Hugetlb;

/// <summary>An error path and a migration take the charge off the same page.</summary>
public readonly partial struct RsvdUncharge<TRule>(nint root) : IScenario<RsvdUncharge<TRule>>
    where TRule : struct, IUnchargeRule
{
    private const string ChargeWrong = "every charge is taken back once";

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("error path", "migration"),
        RootBytes = 192,
    };

    private HugetlbPool Pool => new(root);

    private HugetlbCgroup Group => new(root + 128);

    private PlainPtr Page => new(root + 144);

    public static RsvdUncharge<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Pool, "hstate");
        cpu.Label(Group, "h_cg");
        Pool.Initialize(cpu, 1);
        HugeFolio folio = new(cpu.Read(Pool.FreeList.Next));
        cpu.Write(Page, folio.Address);
        RsvdCharge.Charge(cpu, folio, Group);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Uncharge(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        // A new owner charges the page now and then.
        if (cpu.Choose(2) != 0)
        {
            Uncharge(cpu, role);
            return;
        }

        Pool.Lock.AcquireIrq(cpu);
        HugeFolio folio = new(cpu.Read(Page));
        if (cpu.Read(folio.RsvdCgroup) == 0)
        {
            RsvdCharge.Charge(cpu, folio, Group);
        }

        Pool.Lock.ReleaseIrq(cpu);
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.Require(cpu.Read(Group.Rsvd) >= 0, ChargeWrong);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long charged = cpu.Read(new HugeFolio(cpu.Read(Page)).RsvdCgroup) != 0 ? 1 : 0;
        cpu.Require(cpu.Read(Group.Rsvd) == charged, ChargeWrong);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Pool.Release(cpu);

    private void Uncharge<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        bool takesLock = role != 0 || TRule.ErrorPathTakesLock;
        if (takesLock)
        {
            Pool.Lock.AcquireIrq(cpu);
        }

        RsvdCharge.Uncharge(cpu, new HugeFolio(cpu.Read(Page)));
        if (takesLock)
        {
            Pool.Lock.ReleaseIrq(cpu);
        }
    }
}

/// <summary>Whether the error path takes <c>hugetlb_lock</c>.</summary>
public interface IUnchargeRule
{
    static abstract bool ErrorPathTakesLock { get; }
}

/// <summary>As since b76b46902c2d.</summary>
public readonly struct LockedUncharge : IUnchargeRule
{
    public static bool ErrorPathTakesLock => true;
}

/// <summary>As before b76b46902c2d.</summary>
public readonly struct UnlockedUncharge : IUnchargeRule
{
    public static bool ErrorPathTakesLock => false;
}
