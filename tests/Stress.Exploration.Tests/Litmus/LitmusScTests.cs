using Stress.Scenarios.Litmus;
using Xunit;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>With one memory for all, the machine comes to every outcome that an interleaving explains, and to no
/// other.</summary>
public sealed class LitmusScTests
{
    private const long Schedules = 4_000;

    public static TheoryData<string, string> All => LitmusCase.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Explore_Sampled_ComesToTheInterleavingsAndNothingElse(string family, string test)
    {
        (LitmusFamily tests, LitmusTest one) = LitmusCase.Find(family, test);
        ExploreResult result = LitmusCase.Explore(family, test, new ExploreOptions { Schedules = Schedules });

        Assert.True(result.Finding is null, $"{one}: {result.Finding?.Text}\n{result.Finding?.Story}");
        Assert.Equal(Reference.Of(tests, one).Interleaved, LitmusCase.Seen(result));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Explore_Exhaustive_ComesToTheInterleavingsAndNothingElse(string family, string test)
    {
        (LitmusFamily tests, LitmusTest one) = LitmusCase.Find(family, test);
        ExploreResult result = LitmusCase.Explore(family, test, new ExploreOptions { Strategy = ExploreOptions.Exhaustive });

        Assert.True(result.Finding is null, $"{one}: {result.Finding?.Text}\n{result.Finding?.Story}");
        Assert.True(result.IsVerified);
        Assert.Equal(Reference.Of(tests, one).Interleaved, LitmusCase.Seen(result));
    }
}
