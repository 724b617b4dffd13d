using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>Where everything that faults touch is found.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field    written by
///      0     64  Rcu      -
///     64      8  Mm       Prepare
///     72      8  Memcg    Prepare
///     80     16  Node     Prepare: a <see cref="NumaNode"/> for even and one for odd CPUs
///     96      8  Directory  Prepare
///    128   2048  Slice    Prepare: a <see cref="FaultSlice"/> for each task
/// </code>
/// Written once, read only after that.
/// </remarks>
/// <param name="at">Address of the block.</param>
public readonly struct FaultBlock(nint at) : IHandle
{
    /// <summary>Tasks that there is room for.</summary>
    public const int MaxTasks = 256;

    /// <summary>Memory nodes: CPUs belong to them in turn.</summary>
    public const int Nodes = 2;

    /// <inheritdoc/>
    public static int Bytes => 128 + (8 * MaxTasks);

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Grace periods.</summary>
    public Rcu Rcu => new(at);

    /// <summary>The address space.</summary>
    public PlainPtr Mm => new(at + 64);

    /// <summary>The memory control group.</summary>
    public PlainPtr Memcg => new(at + 72);

    /// <summary>The page directory that the address space was made with.</summary>
    public PlainPtr Directory => new(at + 96);

    /// <summary>A memory node.</summary>
    public PlainPtr Node(int node) => new(at + 80 + (8 * node));

    /// <summary>The slice of a task.</summary>
    public PlainPtr Slice(int task) => new(at + 128 + (8 * task));

    /// <summary>The memory node of a CPU.</summary>
    public static int NodeOf(int cpu) => cpu % Nodes;
}
