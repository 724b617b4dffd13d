using Stress.Exploration;
using Stress.Machine;
using Stress.Mm.Vma;
using Xunit;

namespace Stress.Mm.Tests.Vma;

/// <summary>The tree of VMAs, as one task sees it.</summary>
public sealed class MapleNodeTests
{
    [Fact]
    public void CopyWith_StoresReplacesAndClears_KeepsTheRestAsItWas()
    {
        var variant = new Variant<TreeStores>
        {
            Name = "only",
            Summary = "The only one.",
            Source = "test",
            Expected = Expectation.Clean,
        };
        ExploreResult result = Explorer.Explore<TreeStores>(
            new Scenario("test/tree-stores", "Stores into a tree.", 1, [variant]),
            variant,
            new ExploreOptions { Schedules = 1 });

        Assert.Null(result.Finding);
        Assert.True(result.Points > 100);
    }
}

/// <summary>Stores ranges into a tree and looks each of them up.</summary>
public readonly partial struct TreeStores : IScenario<TreeStores>
{
    public static ScenarioPlan Plan { get; } = new() { Tasks = ScenarioPlan.OwnCpus("only"), RootBytes = 64 };

    public static TreeStores At(nint root) => default;

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        MapleNode tree = Store(cpu, default, 100, 199, 16);
        cpu.Require(cpu.Read(tree.End) == 2, "one range between two gaps");
        tree = Store(cpu, tree, 200, 299, 32);
        Expect(cpu, tree, 99, 0, next: 16);
        Expect(cpu, tree, 100, 16, next: 16);
        Expect(cpu, tree, 199, 16, next: 16);
        Expect(cpu, tree, 200, 32, next: 32);
        Expect(cpu, tree, 300, 0, next: 0);

        // Over the end of one and the start of the other.
        tree = Store(cpu, tree, 150, 249, 48);
        Expect(cpu, tree, 149, 16, next: 16);
        Expect(cpu, tree, 150, 48, next: 48);
        Expect(cpu, tree, 249, 48, next: 48);
        Expect(cpu, tree, 250, 32, next: 32);

        tree = Store(cpu, tree, 150, 249, 0);
        Expect(cpu, tree, 150, 0, next: 32);
        (ulong first, ulong last) = tree.Gap(cpu, 200);
        cpu.Require(first == 150 && last == 249, "the gap lies between its neighbours");

        // All of it: the gaps beside each other become one.
        tree = Store(cpu, tree, 100, 299, 0);
        cpu.Require(cpu.Read(tree.End) == 0, "an empty tree is one gap");
        (first, last) = tree.Gap(cpu, 200);
        cpu.Require(first == 0 && last == ulong.MaxValue, "the gap is everything");
        cpu.Free(MapleNode.Cache, tree.Address);
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu => Act(cpu, role);

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private static MapleNode Store<TCpu>(TCpu cpu, MapleNode tree, ulong first, ulong last, nint entry)
        where TCpu : struct, ICpu
    {
        MapleNode copy = tree.CopyWith(cpu, first, last, entry);
        if (tree.Address != 0)
        {
            cpu.Free(MapleNode.Cache, tree.Address);
        }

        return copy;
    }

    private static void Expect<TCpu>(TCpu cpu, MapleNode tree, ulong address, nint entry, nint next)
        where TCpu : struct, ICpu
    {
        cpu.Require(tree.Walk(cpu, address) == entry, "the walk finds what was stored there");
        cpu.Require(tree.Find(cpu, address) == next, "the search finds the first range from there on");
    }
}
