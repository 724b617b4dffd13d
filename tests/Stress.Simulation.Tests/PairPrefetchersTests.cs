using System.Linq;
using Xunit;

namespace Stress.Simulation.Tests;

public sealed class PairPrefetchersTests
{
    [Fact]
    public void For_AsManyAsMayBeUnderWay_AndNoMore()
    {
        var prefetchers = new PairPrefetchers(cores: 3, requests: 2, first: 10);

        Agent one = Begin(prefetchers, core: 1, line: 100)!;
        Agent two = Begin(prefetchers, core: 1, line: 200)!;

        Assert.NotEqual(one.Number, two.Number);
        Assert.Null(prefetchers.For(1, 300));
        Assert.NotNull(prefetchers.For(0, 300));
        prefetchers.End(one);
        Assert.Same(one, prefetchers.For(1, 300));
    }

    [Fact]
    public void For_LineThatIsUnderWay_IsNobody()
    {
        var prefetchers = new PairPrefetchers(cores: 2, PairPrefetchers.MostRequests, first: 0);
        Agent one = Begin(prefetchers, core: 1, line: 100)!;

        Assert.Null(prefetchers.For(1, 100));
        Assert.NotNull(prefetchers.For(0, 100));
        prefetchers.End(one);
        Assert.NotNull(prefetchers.For(1, 100));
    }

    [Fact]
    public void For_AllRequests_AreAgentsOfTheirCore()
    {
        var prefetchers = new PairPrefetchers(cores: 2, PairPrefetchers.MostRequests, first: 7);

        Agent[] begun =
            [.. Enumerable.Range(0, PairPrefetchers.MostRequests).Select(line => Begin(prefetchers, 1, line)!)];

        Assert.Equal(Enumerable.Range(7 + PairPrefetchers.MostRequests, begun.Length), begun.Select(agent => agent.Number));
        Assert.All(begun, agent => Assert.Equal(1, agent.Core));
        Assert.Null(prefetchers.For(1, 1_000));
    }

    [Fact]
    public void For_NoPrefetchers_IsNobody() => Assert.Null(new PairPrefetchers(cores: 2, requests: 0, first: 0).For(1, 5));

    private static Agent? Begin(PairPrefetchers prefetchers, int core, int line)
    {
        Agent? agent = prefetchers.For(core, line);
        if (agent is not null)
        {
            agent.Line = line;
            prefetchers.Begin(agent);
        }

        return agent;
    }
}
