namespace Stress.Mm.Faults;

/// <summary>The sizes of a fault's batches, and the decisions in which mutants differ; the defaults are v6.12.</summary>
/// <remarks>Constants of a type parameter, so that natively no branch is left.</remarks>
public interface IFaultRule
{
    /// <summary>Memory nodes; CPUs belong to them in turn.</summary>
    static virtual int Nodes => 2;

    /// <summary>Pages that a CPU takes from the zone at once, at first (<c>per_cpu_pages.batch</c>).</summary>
    static virtual int PcpBatch => 63;

    /// <summary>How often that number may double (<c>CONFIG_PCP_BATCH_SCALE_MAX</c>).</summary>
    static virtual int PcpScaleMax => 5;

    /// <summary>Pages charged to a memory control group at once (<c>MEMCG_CHARGE_BATCH</c>).</summary>
    static virtual int ChargeBatch => 64;

    /// <summary>Folios that wait for the lock of their LRU list together (<c>PAGEVEC_SIZE</c>); at most 31.</summary>
    static virtual int LruBatch => 31;

    /// <summary>What a CPU may count before it tells the zone or the node: 0 to 125.</summary>
    static virtual sbyte StatThreshold => 125;

    /// <summary>Whether a CPU's list of pages is filled under the zone's lock.</summary>
    static virtual bool RefillsUnderLock => true;

    /// <summary>Whether a batch that was charged pays for the page at hand.</summary>
    static virtual bool ChargesPageAtHand => true;

    /// <summary>Whether folios are added to the LRU list under its lock.</summary>
    static virtual bool AddsUnderLock => true;
}

/// <summary>As in v6.12.</summary>
public readonly struct FaultsAsMerged : IFaultRule;

/// <summary>As in v6.12, on one node and with batches of two, so that a few faults go through all of them.</summary>
public readonly struct SmallBatches : IFaultRule
{
    /// <inheritdoc/>
    public static int Nodes => 1;

    /// <inheritdoc/>
    public static int PcpBatch => 2;

    /// <inheritdoc/>
    public static int PcpScaleMax => 1;

    /// <inheritdoc/>
    public static int ChargeBatch => 2;

    /// <inheritdoc/>
    public static int LruBatch => 2;

    /// <inheritdoc/>
    public static sbyte StatThreshold => 1;
}

/// <summary>Wrong: two CPUs may take the same free page.</summary>
public readonly struct RefillsWithoutLock : IFaultRule
{
    /// <inheritdoc/>
    public static int Nodes => 1;

    /// <inheritdoc/>
    public static int PcpBatch => 2;

    /// <inheritdoc/>
    public static bool RefillsUnderLock => false;
}

/// <summary>Wrong: of each batch that is charged, one page more is kept in stock than was paid for.</summary>
public readonly struct StocksOneTooMany : IFaultRule
{
    /// <inheritdoc/>
    public static int Nodes => 1;

    /// <inheritdoc/>
    public static int ChargeBatch => 2;

    /// <inheritdoc/>
    public static bool ChargesPageAtHand => false;
}

/// <summary>Wrong: two CPUs may add to the LRU list at once.</summary>
public readonly struct AddsWithoutLock : IFaultRule
{
    /// <inheritdoc/>
    public static int Nodes => 1;

    /// <inheritdoc/>
    public static int LruBatch => 2;

    /// <inheritdoc/>
    public static bool AddsUnderLock => false;
}
