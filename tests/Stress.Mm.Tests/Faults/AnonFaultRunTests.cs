using Stress.Machine;
using Stress.Machine.Native;
using Stress.Mm.Faults;
using Stress.Mm.Vma;
using Xunit;

namespace Stress.Mm.Tests.Faults;

/// <summary>Touching pages one after the other on one CPU: what each step leaves behind.</summary>
public sealed class AnonFaultRunTests
{
    [Fact]
    public void Touch_FullSlices_AreUnmappedAndMemoryStaysTheSame()
    {
        using NativeMachine machine = Machine();
        NativeCpu cpu = machine.CpuOf(0);
        AnonFaults<StockLayout, FaultsAsMerged> faults = Prepared(machine);
        TouchPages(cpu, faults, 400 * PteTable.Entries);

        // A slice, and the most that a CPU keeps for itself, a few times over: not the 204,800 pages that were touched.
        Assert.InRange(ManagedPages(cpu, faults), PteTable.Entries, 8 * (PteTable.Entries + 2016));
        faults.Audit(cpu);
        faults.Teardown(cpu);
        Assert.Null(machine.CheckLeaks());
    }

    [Fact]
    public void Touch_PagesWithoutFreeing_TakesTwiceAsManyFromTheZoneEachTime()
    {
        using NativeMachine machine = Machine();
        NativeCpu cpu = machine.CpuOf(0);
        AnonFaults<StockLayout, FaultsAsMerged> faults = Prepared(machine);
        FaultCpu own = FaultCpu.Of(cpu, 0);
        TouchPages(cpu, faults, 1);
        Assert.Equal(62, cpu.Read(own.PcpCount));
        TouchPages(cpu, faults, 63);
        Assert.Equal((2 * 63) - 1, cpu.Read(own.PcpCount));
        TouchPages(cpu, faults, 2 * 63);
        Assert.Equal((4 * 63) - 1, cpu.Read(own.PcpCount));
        TouchPages(cpu, faults, (4 + 8 + 16 + 32) * 63);
        Assert.Equal((32 * 63) - 1, cpu.Read(own.PcpCount));
        faults.Audit(cpu);
    }

    [Fact]
    public void Touch_Batches_AreThoseOfTheKernel()
    {
        using NativeMachine machine = Machine();
        NativeCpu cpu = machine.CpuOf(0);
        AnonFaults<StockLayout, FaultsAsMerged> faults = Prepared(machine);
        var memcg = new FaultMemcg(cpu.Read(faults.Block.Memcg));
        FaultCpu own = FaultCpu.Of(cpu, 0);
        TouchPages(cpu, faults, 30);
        Assert.Equal(30, cpu.Read(own.BatchCount));
        TouchPages(cpu, faults, 1);
        Assert.Equal(0, cpu.Read(own.BatchCount));
        Assert.Equal(64, cpu.ReadOnce(memcg.Usage));
        TouchPages(cpu, faults, 34);
        Assert.Equal(128, cpu.ReadOnce(memcg.Usage));
        faults.UnmapOwn(cpu);
        Assert.Equal(63, cpu.ReadOnce(memcg.Usage));
        faults.Audit(cpu);
    }

    [Fact]
    public void Audit_LostPage_Fails()
    {
        using NativeMachine machine = Machine();
        NativeCpu cpu = machine.CpuOf(0);
        AnonFaults<StockLayout, FaultsAsMerged> faults = Prepared(machine);
        TouchPages(cpu, faults, 10);
        FaultCpu own = FaultCpu.Of(cpu, 0);
        cpu.Write(own.PcpCount, cpu.Read(own.PcpCount) - 1);

        RunFailedException failed = Assert.Throws<RunFailedException>(() => faults.Audit(cpu));
        Assert.Equal("a CPU's count is the length of its list", failed.Message);
    }

    [Fact]
    public void Audit_LostResidentPage_Fails()
    {
        using NativeMachine machine = Machine();
        NativeCpu cpu = machine.CpuOf(0);
        AnonFaults<StockLayout, FaultsAsMerged> faults = Prepared(machine);
        TouchPages(cpu, faults, 10);
        new MmStruct(cpu.Read(faults.Block.Mm)).AnonRss.Add(cpu, -1);

        RunFailedException failed = Assert.Throws<RunFailedException>(() => faults.Audit(cpu));
        Assert.Equal("the resident set is the number of mapped pages", failed.Message);
    }

    private static NativeMachine Machine() => new(new NativeMachineOptions
    {
        Tasks = ScenarioPlan.OwnCpus("toucher"),
        RootBytes = FaultBlock.Bytes,
    });

    private static AnonFaults<StockLayout, FaultsAsMerged> Prepared(NativeMachine machine)
    {
        var faults = new AnonFaults<StockLayout, FaultsAsMerged>(machine.Root);
        faults.Prepare(machine.CpuOf(0));
        return faults;
    }

    private static long ManagedPages(NativeCpu cpu, AnonFaults<StockLayout, FaultsAsMerged> faults)
        => cpu.Read(new FaultNode(cpu.Read(faults.Block.Node(0))).Zone.Managed);

    private static void TouchPages(NativeCpu cpu, AnonFaults<StockLayout, FaultsAsMerged> faults, int count)
    {
        for (int i = 0; i < count; i++)
        {
            faults.Touch(cpu);
        }
    }
}
