using Stress.Machine;

namespace Stress.Locks;

/// <summary>What the locks keep for each CPU: the queue nodes that a CPU lends to the locks that it waits for.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                                  read by
///      0     64  Mcs    4 nodes of 16: see <see cref="McsNode"/>    the CPU, the CPU before it in a queue
///     64     32  Osq    see <see cref="OsqNode"/>                   the CPU, its neighbours in a queue
///     96     32  -
///    128    896  Free   whoever builds on the locks                 the same
/// </code>
/// One area fills the per-CPU area of <see cref="ICpuContext.PerCpu"/>.
/// </remarks>
/// <param name="at">Address of a per-CPU area.</param>
public readonly struct PerCpuArea(nint at) : IHandle
{
    /// <summary>How deep contexts nest on one CPU: task, softirq, hardirq, NMI.</summary>
    public const uint McsNodes = 4;

    /// <inheritdoc/>
    public static int Bytes => ICpuContext.PerCpuBytes;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The node of nesting level 0, which also counts the levels in use.</summary>
    public McsNode Mcs => new(at);

    /// <summary>The node of the optimistic spinner: one, as it spins with preemption off and in no interrupt.</summary>
    public OsqNode Osq => new(at + 64);

    /// <summary>First byte that the locks do not use.</summary>
    public nint Free => at + 128;

    /// <summary>The node of a nesting level.</summary>
    /// <param name="level">From 0 to <see cref="McsNodes"/> less one.</param>
    public McsNode McsAt(uint level) => new(at + ((nint)level * McsNode.Bytes));
}
