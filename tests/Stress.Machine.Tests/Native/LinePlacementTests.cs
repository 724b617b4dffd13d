using System;
using System.Linq;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

public sealed class LinePlacementTests
{
    private const nint Block = 1 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(112)]
    public void Take_AtAnOffset_BeginsThereInItsPairOfLines(int offset)
    {
        var placement = new LinePlacement(Block, 4096);

        Assert.All(
            Enumerable.Range(0, 5),
            _ => Assert.Equal(offset, placement.Take(40, offset) % LinePlacement.PairBytes));
    }

    [Fact]
    public void Take_DifferentSizesAndOffsets_SharesNoPairOfLines()
    {
        var placement = new LinePlacement(Block, 4096);
        (int Bytes, int Offset)[] objects = [(184, 48), (40, 112), (1, 127), (256, 0), (40, 16)];

        nint behind = 0;
        foreach ((int bytes, int offset) in objects)
        {
            nint at = placement.Take(bytes, offset);
            Assert.True(at / LinePlacement.PairBytes > behind || behind == 0);
            behind = (at + bytes - 1) / LinePlacement.PairBytes;
        }
    }

    [Fact]
    public void Take_MoreThanThereIs_IsRefused()
    {
        var placement = new LinePlacement(Block, 256);
        placement.Take(100, 0);

        Assert.Throws<InsufficientMemoryException>(() => placement.Take(100, 48));
        Assert.Throws<ArgumentOutOfRangeException>(() => placement.Take(8, 128));
        Assert.Throws<ArgumentOutOfRangeException>(() => placement.Take(8, -1));
    }
}
