using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>How two locks of one class are told apart.</summary>
public interface INestingRule
{
    /// <summary>The subclass of the inner one.</summary>
    static abstract int InnerSubclass { get; }
}

/// <summary>The inner one has a subclass of its own: <c>SINGLE_DEPTH_NESTING</c>.</summary>
public readonly struct NestsWithSubclass : INestingRule
{
    public static int InnerSubclass => 1;
}

/// <summary>Mutant: they are not, so that nothing says which comes first.</summary>
public readonly struct NestsWithoutSubclass : INestingRule
{
    public static int InnerSubclass => 0;
}

/// <summary>Two tasks move between two lists, each with a lock of the same class, in one order.</summary>
public readonly partial struct LockOrderNested<TRule>(nint root) : IScenario<LockOrderNested<TRule>>
    where TRule : struct, INestingRule
{
    private static readonly LockClass s_class = new("list_lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = ScenarioPlan.OwnCpus("first", "second"),
        RootBytes = 64,
    };

    private QueuedSpinLock Parent => new(root, s_class);

    private QueuedSpinLock Child => new(root + 4, s_class);

    private PlainU64 Length => new(root + 8);

    public static LockOrderNested<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Parent, "parent");
        cpu.Label(Child, "child");
        Parent.Initialize(cpu);
        Child.Initialize(cpu);
        cpu.Write(Length, 0ul);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        cpu.Enter("move_to_child");
        Parent.Acquire(cpu);
        Child.Acquire(cpu, TRule.InnerSubclass);
        cpu.Write(Length, cpu.Read(Length) + 1);
        Child.Release(cpu);
        Parent.Release(cpu);
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

/// <summary>The scenario <c>locks/order-nested</c>.</summary>
internal static class LockOrderNestedCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/order-nested",
        "Two tasks hold two locks of one class.",
        1,
        [
            new Variant<LockOrderNested<NestsWithSubclass>>
            {
                Name = "subclass",
                Summary = "The inner one is taken under a subclass.",
                Source = "Documentation/locking/lockdep-design",
                Expected = Expectation.Clean,
            },
            new Variant<LockOrderNested<NestsWithoutSubclass>>
            {
                Name = "same-class",
                Summary = "Both are taken under the same subclass.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.LockOrder, "list_lock -> list_lock"),
                CorrectTwin = "subclass",
            },
        ]);
}
