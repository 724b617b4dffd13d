using System.Linq;
using Stress.Machine;
using Stress.Scenarios.Litmus;
using Xunit;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>With weak memory, the machine comes to no outcome that the kernel's model forbids, and to all others but
/// those that need a read to see what is not written yet; exhaustively.</summary>
public sealed class LitmusWeakTests
{
    public static TheoryData<string, string> All => LitmusCase.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Explore_WeakExhaustive_ComesToWhatTheKernelsModelAllows(string family, string test)
    {
        (LitmusFamily tests, LitmusTest one) = LitmusCase.Find(family, test);
        var reference = Reference.Of(tests, one);
        ExploreResult result = LitmusCase.Explore(
            family, test, new ExploreOptions { Strategy = ExploreOptions.Exhaustive, Memory = MemoryModel.Weak });

        if (one.Verdict == LitmusVerdict.Wrong)
        {
            Assert.Equal(FindingKind.ForbiddenOutcome, result.Finding?.Kind);
            Assert.Equal($"{tests.Asked[0]}: {tests.Meaning}", result.Finding!.Text);
            Assert.Equal(result.Finding.ReproducedOf, result.Finding.Reproduced);
            return;
        }

        Assert.True(result.Finding is null, $"{one}: {result.Finding?.Text}\n{result.Finding?.Story}");
        string[] seen = LitmusCase.Seen(result);
        Assert.True(
            reference.Allowed.IsSupersetOf(seen), $"{one}: forbidden: {string.Join(", ", seen.Except(reference.Allowed))}");
        Assert.True(
            reference.Required.IsSubsetOf(seen), $"{one}: missing: {string.Join(", ", reference.Required.Except(seen))}");
    }
}
