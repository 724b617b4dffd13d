using System;
using System.Collections.Concurrent;
using System.Linq;
using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests;

public sealed class ProgressTests
{
    [Theory]
    [InlineData("random")]
    [InlineData(ExploreOptions.Exhaustive)]
    public void Explore_OnTwoWorkers_TellsOfEach(string strategy)
    {
        var notes = new ConcurrentQueue<ExploreProgress>();
        (Scenario scenario, Variant variant) = Explore.Named<Long>();

        Explorer.Explore<Long>(scenario, variant, new ExploreOptions
        {
            Schedules = long.MaxValue,
            Duration = TimeSpan.FromSeconds(1),
            Strategy = strategy,
            Workers = 2,
            Progress = notes.Enqueue,
        });

        Assert.NotEmpty(notes);
        Assert.All(notes, note => Assert.Equal(2, note.OfWorkers!.Count));
        Assert.All(notes.Last().OfWorkers!, schedules => Assert.True(schedules > 0));
    }
}
