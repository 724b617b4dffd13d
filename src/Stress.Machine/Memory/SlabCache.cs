using System;
using System.Numerics;
using System.Threading;

namespace Stress.Machine;

/// <summary>How the objects of a <see cref="SlabCache"/> are placed, initialised and reused.</summary>
[Flags]
public enum SlabOptions
{
    /// <summary>Packed at the 8-byte default, not zeroed, reused after quarantine.</summary>
    None = 0,

    /// <summary>Each object starts a cache line (<c>SLAB_HWCACHE_ALIGN</c>).</summary>
    CacheLineAligned = 1,

    /// <summary>The memory stays of this type for a grace period after a free, but is recycled at once
    /// (<c>SLAB_TYPESAFE_BY_RCU</c>): touching a freed object is legal and must be revalidated.</summary>
    TypesafeByRcu = 2,

    /// <summary>Objects come zeroed (<c>__GFP_ZERO</c>). Otherwise they come filled with <see cref="SlabCache.Fresh"/>.
    /// </summary>
    Zeroed = 4,

    /// <summary>Allocation never fails, also under failure injection (<c>__GFP_NOFAIL</c>).</summary>
    NoFail = 8,

    /// <summary>Each object starts an aligned pair of cache lines, 128 bytes.</summary>
    LinePairAligned = 16,
}

/// <summary>Describes a kind of kernel object; the objects themselves belong to a machine's memory.</summary>
/// <remarks>Immutable. Make one per kind, as a static readonly field: a machine knows it by its identity.</remarks>
public sealed class SlabCache
{
    /// <summary>What the bytes of a freed object hold.</summary>
    public const byte Poison = 0x6b;

    /// <summary>What the bytes of a new object hold that was not asked to be zeroed.</summary>
    public const byte Fresh = 0x5a;

    private const int CacheLineBytes = 64;
    private const int DefaultAlignment = 8;

    private static int s_count;

    private SlabCache(string name, Type objectType, int objectBytes, SlabOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(objectBytes);
        Name = name;
        ObjectType = objectType;
        ObjectBytes = objectBytes;
        Options = options;
        int alignment = options.HasFlag(SlabOptions.LinePairAligned) ? 2 * CacheLineBytes
            : options.HasFlag(SlabOptions.CacheLineAligned) ? CacheLineBytes
            : DefaultAlignment;
        Stride = (objectBytes + alignment - 1) & -alignment;
        Alignment = Math.Min(alignment, (int)BitOperations.RoundUpToPowerOf2((uint)objectBytes));
        Index = Interlocked.Increment(ref s_count) - 1;
    }

    /// <summary>The kernel's name of the cache, such as <c>vm_area_struct</c>.</summary>
    public string Name { get; }

    /// <summary>The handle type of the objects, whose properties name their fields in reports.</summary>
    public Type ObjectType { get; }

    /// <summary>Size of an object, in bytes.</summary>
    public int ObjectBytes { get; }

    /// <summary>Alignment of an object, in bytes.</summary>
    public int Alignment { get; }

    /// <summary>Distance between neighbours in a slab, in bytes.</summary>
    public int Stride { get; }

    /// <summary>Placement, initialisation and reuse.</summary>
    public SlabOptions Options { get; }

    /// <summary>Position in the tables of a machine; of no other meaning, and not stable between processes.</summary>
    public int Index { get; }

    /// <summary>Describes a cache of objects of handle type <typeparamref name="T"/>.</summary>
    /// <param name="name">The kernel's name of the cache.</param>
    /// <param name="options">Placement, initialisation and reuse.</param>
    /// <param name="bytes">Size of an object that ends in an array of another length than the handle type has.</param>
    public static SlabCache For<T>(string name, SlabOptions options = SlabOptions.None, int? bytes = null)
        where T : IHandle
        => new(name, typeof(T), bytes ?? T.Bytes, options);
}
