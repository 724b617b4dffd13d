using System.Collections.Generic;
using System.Linq;
using Stress.Nightly;
using Stress.Reporting;
using Stress.Results;
using Xunit;

namespace Stress.Report.Tests;

public sealed class NightStatusTests
{
    private readonly ScheduledItem _item = new("explore/vma/fork@upstream", EstimatedSeconds: 10);
    private readonly NightStatus _status;

    public NightStatusTests()
        => _status = new NightStatus(new NightSchedule
        {
            Plan = "quick",
            PlanText = "{}",
            PlanHash = "0",
            Seed = 1,
            Workers = 2,
            Items = [_item],
        });

    [Fact]
    public void Block_OfWorkers_HasALineForEach()
    {
        _status.Begin(_item);
        _status.Tell(() => new ProgressNote("half of it", ["worker 1: 10 schedules", "worker 2: 12 schedules"]));

        IReadOnlyList<string> block = _status.Block();

        Assert.Equal("[1/1] explore/vma/fork@upstream", block[0]);
        Assert.Equal("  2 workers: half of it", block[1]);
        Assert.Equal(["    worker 1: 10 schedules", "    worker 2: 12 schedules"], block.Skip(2).Take(2));
        Assert.Equal(5, block.Count);
    }

    [Fact]
    public void Block_OfManyWorkers_SaysHowManyAreNotShown()
    {
        _status.Begin(_item);
        _status.Tell(() => new ProgressNote("half", [.. Enumerable.Range(1, 20).Select(i => $"worker {i}")]));

        IReadOnlyList<string> block = _status.Block();

        Assert.Equal(11, block.Count);
        Assert.Equal("    worker 7", block[8]);
        Assert.Equal("    and 13 more", block[9]);
    }

    [Fact]
    public void Line_OfWorkers_IsOneLine()
    {
        _status.Begin(_item);
        _status.Tell(() => new ProgressNote("half of it", ["worker 1", "worker 2"]));

        Assert.StartsWith("[1/1] half of it; 0 found where they had to be", _status.Line());
        Assert.DoesNotContain('\n', _status.Line());
    }
}
