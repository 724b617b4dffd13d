using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Machine;
using Stress.Mm.Faults;
using Stress.Mm.Vma;
using Xunit;

namespace Stress.Mm.Tests.Faults;

/// <summary>The structs that a fault touches have their fields where the kernel has them.</summary>
public sealed class FaultLayoutTests
{
    [Theory]
    [InlineData(typeof(FaultZone), "WatermarkLow", 8)]
    [InlineData(typeof(FaultZone), "PerCpuPageset", 112)]
    [InlineData(typeof(FaultZone), "FreeList.Next", 272)]
    [InlineData(typeof(FaultZone), "NrFree", 336)]
    [InlineData(typeof(FaultZone), "Lock.Value", 1248)]
    [InlineData(typeof(FaultZone), "FreePages.Node", 1344)]
    [InlineData(typeof(FaultLruvec), "ActiveAnon.Next", 16)]
    [InlineData(typeof(FaultLruvec), "LruLock.Value", 80)]
    [InlineData(typeof(FaultMemcg), "Usage", 0)]
    [InlineData(typeof(FaultMemcg), "Max", 64)]
    [InlineData(typeof(FaultCpu), "PcpCount", 4)]
    [InlineData(typeof(FaultCpu), "AllocFactor", 25)]
    [InlineData(typeof(FaultPage), "MapCount", 48)]
    [InlineData(typeof(FaultPage), "RefCount", 52)]
    [InlineData(typeof(FaultPage), "MemcgData", 56)]
    [InlineData(typeof(PteTable), "Lock.Value", 40)]
    [InlineData(typeof(MmStruct), "Flags", 1120)]
    [InlineData(typeof(MmStruct), "Owner", 1144)]
    public void Struct_Field_IsAtItsOffset(Type type, string field, int offset)
        => Assert.Equal(offset, HandleFields.Of(type).Single(found => found.Name == field).Offset);

    [Fact]
    public void FaultCpu_Fields_FitIntoThePerCpuAreaBeforeTheEventsOfTheVma()
    {
        int end = HandleFields.Of(typeof(FaultCpu)).Max(field => field.Offset + field.Bytes);

        Assert.True(end <= FaultCpu.Bytes, "a field lies outside");
        Assert.True((int)new FaultCpu(0).Batch(FaultCpu.MaxBatch).Address <= (int)new FaultCpu(0).PgFault.Address);
        Assert.True(128 + FaultCpu.Bytes <= VmEvents.PerCpuOffset, "it reaches into the events");
    }

    [Fact]
    public void FaultNode_Counters_HaveLinesOfTheirOwn()
    {
        Dictionary<string, int> lines = HandleFields.Of(typeof(FaultNode))
            .ToDictionary(field => field.Name, field => field.Offset / 64);

        Assert.NotEqual(lines["Zone.Lock.Value"], lines["Zone.FreePages.Node"]);
        Assert.NotEqual(lines["AnonMapped.Node"], lines["LruAnon.Node"]);
        Assert.NotEqual(lines["Lruvec.InactiveAnon.Next"], lines["Lruvec.LruLock.Value"]);
    }
}
