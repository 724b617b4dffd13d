using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>A few slots for the lists of control groups, by their id (the series' <c>struct list_lru_memcg</c>).
/// </summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                          read by
///      0     16  Rcu    whoever replaces the array          the worker
///     16    8/id  Slot  holder of lru->lock                 RCU readers
/// </code>
/// What lies at index -1 is the callback's function. Source: <c>mm/list_lru.c</c> with the series, v5.17.
/// </remarks>
public readonly partial struct ListLruArray(nint at) : IHandle
{
    /// <summary>Slots of the first array.</summary>
    public const int FewSlots = 2;

    /// <summary>Slots of the last array: as many ids there are.</summary>
    public const int ManySlots = 8;

    private static readonly SlabCache s_few = SlabCache.For<ListLruArray>("memcg_lrus");
    private static readonly SlabCache s_many = SlabCache.For<LargeListLruArray>("memcg_lrus_large");

    /// <inheritdoc/>
    public static int Bytes => 16 + (FewSlots * 8);

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>For its end.</summary>
    public RcuHead Rcu => new(at);

    /// <summary>The slot of id 0.</summary>
    public AtomicPtr First => new(at + 16);

    /// <summary>The slot of an id: the address of its <see cref="ListLruMemcg"/>, or 0.</summary>
    public AtomicPtr Slot(int id) => new(at + 16 + (id * 8));

    /// <summary>The objects with so many slots.</summary>
    public static SlabCache Cache(int slots) => slots == FewSlots ? s_few : s_many;

    /// <summary>Makes an array of empty slots.</summary>
    /// <returns>At 0 when there is no memory.</returns>
    public static ListLruArray Create<TCpu>(TCpu cpu, int slots) where TCpu : struct, ICpu
    {
        ListLruArray made = new(cpu.Alloc(Cache(slots)));
        for (int id = 0; made.Address != 0 && id < slots; id++)
        {
            cpu.Write(made.Slot(id), 0);
        }

        return made;
    }
}

/// <summary>As <see cref="ListLruArray"/>, with more slots.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field
///      0     16  Rcu
///     16     64  Slots
/// </code>
/// </remarks>
public readonly struct LargeListLruArray(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 16 + (ListLruArray.ManySlots * 8);

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>What it has in common with the small one.</summary>
    public ListLruArray Few => new(at);
}
