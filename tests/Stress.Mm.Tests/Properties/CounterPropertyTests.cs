using Stress.Locks;
using Xunit;

namespace Stress.Mm.Tests.Properties;

/// <summary>Any sequence of additions on several CPUs gives what a plain sum gives.</summary>
public sealed class CounterPropertyTests
{
    [Fact]
    public void NodeStat_AnySequence_IsThePlainSum()
        => Property.AssertHolds(static () => new NodeStatSubject<FoldsStrandedDiffs>());

    [Fact]
    public void NodeStat_ThatZeroesPartsOnline_IsRefuted()
        => Property.AssertFails(
            "the snapshot is the plain sum", static () => new NodeStatSubject<ZeroesStrandedDiffs>());

    [Fact]
    public void PerCpuCounter_AnySequence_IsThePlainSum()
        => Property.AssertHolds(static () => new PerCpuCounterSubject());

    [Fact]
    public void PerCpuCounter_ReadWithoutItsParts_IsRefuted()
        => Property.AssertFails(
            "the counter is the plain sum", static () => new PerCpuCounterSubject(readsApproximation: true));
}
