using Stress.Machine;
using Xunit;

namespace Stress.Simulation.Tests;

/// <summary>A model that touches what is not its own is told of, and the host survives it.</summary>
public sealed class AstrayTests
{
    private static readonly MachineModel s_broadwell = MachineLibrary.Load("broadwell-ep-2s");

    [Fact]
    public void Read_OfNull_IsFound()
        => AssertFound<ReadsNull>(FindingKind.UseAfterFree, "null pointer: task 0 touches offset 8");

    [Fact]
    public void Write_OutsideOfTheMemory_IsFound()
        => AssertFound<WritesFarAway>(FindingKind.UseAfterFree, "task 0 touches memory that belongs to no object");

    [Fact]
    public void Atomic_OutsideOfTheMemory_IsFound()
        => AssertFound<AddsFarAway>(FindingKind.UseAfterFree, "task 0 touches memory that belongs to no object");

    [Fact]
    public void Wait_OutsideOfTheMemory_IsFound()
        => AssertFound<WaitsFarAway>(FindingKind.UseAfterFree, "task 0 touches memory that belongs to no object");

    [Fact]
    public void Free_OfWhatIsNoObject_IsFound()
        => AssertFound<FreesFarAway>(FindingKind.DoubleFree, "something is freed that is no astray");

    [Fact]
    public void Unpark_OfWhatIsNoTask_IsFound()
        => AssertFound<WakesNobody>(FindingKind.UseAfterFree, "task 0 wakes what is no task");

    [Fact]
    public void Exception_OfTheModel_IsFound()
        => AssertFound<Throws>(
            FindingKind.ModelError, "IndexOutOfRangeException: Index was outside the bounds of the array.");

    private static void AssertFound<TWay>(FindingKind kind, string text)
        where TWay : struct, IWay
    {
        foreach (int warmUp in (int[])[0, 30])
        {
            RunFailedException failure = Assert.Throws<RunFailedException>(() => Simulator.Run<Astray<TWay>>(
                s_broadwell,
                new SimulationOptions { Cpus = 1, Operations = 50, WarmUp = warmUp, ArenaBytes = 1 << 20 }));

            Assert.Equal((kind, text), (failure.Kind, failure.Message));
        }

        var options = new SimulationOptions { Cpus = 1, Operations = 5, WarmUp = 5, ArenaBytes = 1 << 20 };
        Assert.Equal(5, Simulator.Run<Astray<TWay>>(s_broadwell, options).Operations);
    }
}
