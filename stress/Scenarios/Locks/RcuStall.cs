using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>How a reader leaves its section.</summary>
public interface IRcuStallRule
{
    /// <summary>Whether it leaves on every path.</summary>
    static abstract bool AlwaysUnlocks { get; }
}

/// <summary>Leaves on every path.</summary>
public readonly struct UnlocksAlways : IRcuStallRule
{
    public static bool AlwaysUnlocks => true;
}

/// <summary>Mutant: forgets to when it finds what it looked for.</summary>
public readonly struct ForgetsToUnlock : IRcuStallRule
{
    public static bool AlwaysUnlocks => false;
}

/// <summary>A reader returns early from its section, and an updater waits for a grace period.</summary>
public readonly partial struct RcuStall<TRule>(nint root) : IScenario<RcuStall<TRule>>
    where TRule : struct, IRcuStallRule
{
    private const int Reader = 0;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("reader", "updater"),
        RootBytes = 128,
    };

    private AtomicU32 Flag => new(root);

    private Rcu Rcu => new(root + 64);

    public static RcuStall<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Rcu.Initialize(cpu);

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role == Reader)
        {
            cpu.Enter("read");
            cpu.RcuReadLock();
            bool isSet = cpu.ReadOnce(Flag) != 0;
            if (TRule.AlwaysUnlocks || !isSet)
            {
                cpu.RcuReadUnlock();
            }

            cpu.Leave(isSet ? 1 : 0);
        }
        else
        {
            cpu.WriteOnce(Flag, 1u);
            Rcu.Synchronize(cpu);
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

/// <summary>The scenario <c>locks/rcu-stall</c>.</summary>
internal static class RcuStallCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/rcu-stall",
        "A grace period waits for a reader that may return from inside its section.",
        1,
        [
            new Variant<RcuStall<UnlocksAlways>>
            {
                Name = "unlocks",
                Summary = "The reader leaves its section on every path.",
                Source = "Documentation/RCU/stallwarn",
                Expected = Expectation.Clean,
            },
            new Variant<RcuStall<ForgetsToUnlock>>
            {
                Name = "forgets-to-unlock",
                Summary = "The reader returns early without leaving its section.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.RcuStall, "waits for a grace period, held up by reader"),
                CorrectTwin = "unlocks",
            },
        ]);
}
