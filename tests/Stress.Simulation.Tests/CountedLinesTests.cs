using System.Linq;
using Stress.Mm.Faults;
using Stress.Mm.Vma;
using Stress.Scenarios.Vma;
using Xunit;

namespace Stress.Simulation.Tests;

public sealed class CountedLinesTests
{
    [Fact]
    public void Of_LineThatNeverJoined_IsAlone()
    {
        var lines = new CountedLines(100);

        Assert.NotEqual(lines.Of(3), lines.Of(4));
        Assert.Equal(lines.Of(3), lines.Of(3));
        Assert.Equal(1, lines.MembersOf(lines.Of(3)));
    }

    [Fact]
    public void Join_SamePlaceOfAKind_CountsTogether()
    {
        var lines = new CountedLines(100);
        lines.Join(10, "page", 0);
        lines.Join(11, "page", 1);
        lines.Join(12, "page", 0);

        Assert.Equal(lines.Of(10), lines.Of(12));
        Assert.NotEqual(lines.Of(10), lines.Of(11));
        Assert.Equal((2, 1), (lines.MembersOf(lines.Of(10)), lines.MembersOf(lines.Of(11))));
        Assert.Equal(10, lines.FirstOf(lines.Of(12)));
    }

    [Fact]
    public void Join_Again_LeavesTheFormerGroup()
    {
        var lines = new CountedLines(100);
        lines.Join(10, "slab", 0);
        lines.Join(12, "slab", 0);
        lines.Join(12, "label", 0);

        Assert.Equal((1, 1), (lines.MembersOf(lines.Of(10)), lines.MembersOf(lines.Of(12))));
        Assert.NotEqual(lines.Of(10), lines.Of(12));
    }

    [Fact]
    public void Report_OfFaults_SaysHowManyLinesARowStandsFor()
    {
        SimulationResult result = Simulator.Run<AnonFault<StockLayout, FaultsAsMerged>>(
            MachineLibrary.Load("broadwell-ep-2s"), new SimulationOptions { Cpus = 8, Operations = 200 });

        Assert.True(result.Lines.First(line => line.Name == "page").Lines > 1_000);
        Assert.All(result.Lines.Where(line => line.Name == "mm"), line => Assert.Equal(1, line.Lines));
    }
}
