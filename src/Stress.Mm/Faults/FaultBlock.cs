using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Faults;

/// <summary>Where everything that faults touch is found.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field      written by         read by
///      0     64  Rcu        -                  -
///     64      8  Mm         Prepare            anybody
///     72      8  Memcg      Prepare            Audit
///     80      8  Owner      Prepare            Teardown
///     88      8  Directory  Prepare            Teardown
///     96      8  Node       Prepare            anybody: a <see cref="FaultNode"/> for each memory node, two at most
///    128   2048  Slice      Prepare            the task: a <see cref="FaultSlice"/> for each
/// </code>
/// Written before the first fault and only read after that.
/// </remarks>
public readonly partial struct FaultBlock(nint at) : IHandle
{
    /// <summary>Tasks that there is room for.</summary>
    public const int MaxTasks = 256;

    /// <summary>Memory nodes that there is room for.</summary>
    public const int MaxNodes = 2;

    /// <inheritdoc/>
    public static int Bytes => 128 + (8 * MaxTasks);

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Grace periods.</summary>
    public Rcu Rcu => new(at);

    /// <summary>The address space.</summary>
    public PlainPtr Mm => new(at + 64);

    /// <summary>The memory control group that is charged.</summary>
    public PlainPtr Memcg => new(at + 72);

    /// <summary>The leader's task.</summary>
    public PlainPtr Owner => new(at + 80);

    /// <summary>The page directory that the address space was made with.</summary>
    public PlainPtr Directory => new(at + 88);

    /// <summary>A memory node.</summary>
    public PlainPtr Node(int node) => new(at + 96 + (8 * node));

    /// <summary>The slice of a task.</summary>
    public PlainPtr Slice(int task) => new(at + 128 + (8 * task));
}
