using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>What one call of <c>memcg_list_lru_alloc</c> has made and not installed yet: lists, and for whom.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field
///      0      8  Lists   16 bytes apart, one for each level
///      8      8  Memcg   likewise
/// </code>
/// Private to the call. Deviation: <see cref="Levels"/> entries, not as many as the group's level.
/// Source: <c>struct list_lru_memcg_table</c>, <c>mm/list_lru.c</c>, v6.12.
/// </remarks>
public readonly struct ListLruTable(nint at) : IHandle
{
    /// <summary>How deep groups may nest below the root.</summary>
    public const int Levels = 4;

    /// <summary>The objects.</summary>
    public static readonly SlabCache Cache = SlabCache.For<ListLruTable>("list_lru_table");

    /// <inheritdoc/>
    public static int Bytes => Levels * 16;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Address of the <see cref="ListLruMemcg"/> of an entry.</summary>
    public PlainPtr Lists(int entry) => new(at + (entry * 16));

    /// <summary>Address of the <see cref="MemCgroup"/> of an entry.</summary>
    public PlainPtr Memcg(int entry) => new(at + (entry * 16) + 8);
}
