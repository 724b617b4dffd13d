namespace Stress.Mm.Faults;

/// <summary>The decisions of a fault in which mutants differ.</summary>
public interface IFaultRule
{
    /// <summary>Whether a CPU's list of pages is filled under the zone's lock.</summary>
    static virtual bool RefillsUnderLock => true;

    /// <summary>Whether a batch that was charged counts the page at hand.</summary>
    static virtual bool CountsPageAtHand => true;

    /// <summary>Whether folios are added to the LRU list under its lock.</summary>
    static virtual bool AddsUnderLock => true;
}

/// <summary>As in v6.12.</summary>
public readonly struct FaultsAsMerged : IFaultRule;

/// <summary>Wrong: two CPUs may take the same free page.</summary>
public readonly struct RefillsWithoutLock : IFaultRule
{
    /// <inheritdoc/>
    public static bool RefillsUnderLock => false;
}

/// <summary>Wrong: of each batch that is charged, one page more is kept in stock than was paid.</summary>
public readonly struct StocksOneTooMany : IFaultRule
{
    /// <inheritdoc/>
    public static bool CountsPageAtHand => false;
}

/// <summary>Wrong: two CPUs may add to the list at once.</summary>
public readonly struct AddsWithoutLock : IFaultRule
{
    /// <inheritdoc/>
    public static bool AddsUnderLock => false;
}
