using Stress.Mm.ListLru;
using Xunit;

namespace Stress.Mm.Tests.Properties;

/// <summary>Any sequence of calls leaves in a list_lru what lists of objects for each owner have.</summary>
public sealed class ListLruPropertyTests
{
    [Fact]
    public void ListLru_AnySequence_IsTheListsOfEachOwner()
        => Property.AssertHolds(static () => new ListLruSubject<Upstream>());

    [Fact]
    public void ListLru_AnySequenceWithListLocks_IsTheListsOfEachOwner()
        => Property.AssertHolds(static () => new ListLruSubject<ListLockRepaired>());

    [Fact]
    public void ListLru_WhoseWalkGoesOnBehindAnItem_IsRefuted()
        => Property.AssertFails("the items of each owner", static () => new ListLruSubject<KeepsSavedNext>());
}
