using Stress.Mm.Vma;
using Xunit;

namespace Stress.Mm.Tests.Properties;

/// <summary>Any sequence of calls leaves the VMAs that a list of mapped intervals has.</summary>
public sealed class AddressSpacePropertyTests
{
    [Fact]
    public void AddressSpace_AnySequence_IsTheListOfIntervals()
        => Property.AssertHolds(static () => new AddressSpaceSubject<StockLayout, V612>());

    [Fact]
    public void AddressSpace_AnySequenceWithEmbeddedLocks_IsTheListOfIntervals()
        => Property.AssertHolds(static () => new AddressSpaceSubject<EmbeddedLine4Layout, V612>());

    [Fact]
    public void AddressSpace_WithSequencesOfTwoBits_IsRefuted()
        => Property.AssertFails(
            "with nobody writing, a VMA can be locked",
            static () => new AddressSpaceSubject<StockLayout, SequenceOfTwoBits>());
}
