using System.Linq;
using Stress.Machine;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests.Results;

public sealed class LockOrderDiffTests
{
    [Fact]
    public void Between_EqualOrders_IsNothing()
        => Assert.Empty(LockOrderDiff.Between(File(Item("v", Edge("a", "b"))), File(Item("v", Edge("a", "b")))));

    [Fact]
    public void Between_SameEdgeByAnotherTaskOnAnotherMachine_IsNothing()
    {
        LockOrderFact other = Edge("a", "b") with { Task = "other", Operation = "elsewhere" };

        Assert.Empty(LockOrderDiff.Between(
            File(Item("v", Edge("a", "b"))), File(Item("v", other) with { Machine = "hammer" })));
    }

    [Fact]
    public void Between_NewAndGoneEdges_AreNamedInOrder()
    {
        LockOrderFile before = File(Item("v", Edge("a", "b"), Edge("b", "c")));
        LockOrderFile after = File(Item("v", Edge("b", "a"), Edge("a", "b"), Edge("a", "c")));

        Assert.Equal(
            ["new a c", "new b a", "gone b c"],
            LockOrderDiff.Between(before, after).Select(change =>
                $"{(change.IsNew ? "new" : "gone")} {change.Fact.Held!.Value.Node} {change.Fact.Taken.Node}"));
    }

    [Fact]
    public void Between_OtherModeOrSubclass_IsNew()
    {
        LockOrderFact read = Edge("a", "b") with { Taken = new LockUse("b", 0, LockMode.Shared) };
        LockOrderFact nested = Edge("a", "b") with { Taken = new LockUse("b", 1, LockMode.Exclusive) };

        LockOrderFile before = File(Item("v", Edge("a", "b")));
        LockOrderFile after = File(Item("v", Edge("a", "b"), read, nested));

        Assert.Equal(2, LockOrderDiff.Between(before, after).Count);
    }

    [Fact]
    public void Between_VariantOfOneRunOnly_IsNotCompared()
        => Assert.Empty(LockOrderDiff.Between(File(Item("v", Edge("a", "b"))), File(Item("w", Edge("b", "a")))));

    [Fact]
    public void ReadLockOrder_WrittenFile_IsTheSame()
    {
        LockOrderFile file = File(Item("v", Edge("a", "b")));
        string text = ResultsJson.Write(file);

        Assert.Equal(text, ResultsJson.Write(ResultsJson.ReadLockOrder(text)));
        Assert.Contains("\"kind\": \"order\"", text);
        Assert.Contains("\"mode\": \"exclusive\"", text);
    }

    private static LockOrderFile File(params LockOrderItem[] items) => new() { Items = items };

    private static LockOrderItem Item(string variant, params LockOrderFact[] facts)
        => LockOrderItem.Of("explore", "locks/test", variant, facts);

    private static LockOrderFact Edge(string held, string taken)
    {
        var first = new LockUse(held, 0, LockMode.Exclusive);
        return new LockOrderFact(
            LockOrderKind.Order, first, new LockUse(taken, 0, LockMode.Exclusive), "task", "work", [first]);
    }
}
