namespace Stress.Mm.PageAlloc;

/// <summary>What the pages of a pageblock are used for (<c>enum migratetype</c>): which free lists they lie on.
/// </summary>
/// <remarks>Not modelled: the extra counters of <see cref="HighAtomic"/> and <see cref="Cma"/>, and what allocates from
/// them. Source: <c>include/linux/mmzone.h</c>, v6.12.</remarks>
public static class MigrateType
{
    /// <summary>Pages that stay where they are.</summary>
    public const int Unmovable = 0;

    /// <summary>Pages that can be moved elsewhere.</summary>
    public const int Movable = 1;

    /// <summary>Pages that can be given back on demand.</summary>
    public const int Reclaimable = 2;

    /// <summary>How many types have per-CPU lists, and fall back on each other (<c>MIGRATE_PCPTYPES</c>).</summary>
    public const int PcpTypes = 3;

    /// <summary>A reserve for allocations that cannot wait.</summary>
    public const int HighAtomic = 3;

    /// <summary>Reserved for contiguous allocations, lent to movable pages.</summary>
    public const int Cma = 4;

    /// <summary>Withheld from allocation.</summary>
    public const int Isolate = 5;

    /// <summary>How many types there are.</summary>
    public const int Count = 6;

    /// <summary>Whether free pages of the type may merge with those of another such type
    /// (<c>migratetype_is_mergeable</c>).</summary>
    public static bool IsMergeable(int type) => type < PcpTypes;

    /// <summary>What an allocation takes when its own type has nothing: the rows of <c>fallbacks</c>.</summary>
    /// <param name="type">Below <see cref="PcpTypes"/>.</param>
    /// <param name="choice">0 or 1: the first and the second choice.</param>
    public static int Fallback(int type, int choice) => type switch
    {
        Unmovable => choice == 0 ? Reclaimable : Movable,
        Movable => choice == 0 ? Reclaimable : Unmovable,
        _ => choice == 0 ? Unmovable : Movable,
    };
}
