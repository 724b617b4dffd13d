using System;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>One item of a node's statistics: <c>vm_stat</c> of <c>pglist_data</c>, with its per-CPU parts.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field   written by            read by
///      0      8  Node    anybody, atomically   anybody
///      8      8  Global  anybody, atomically   anybody
///     16      8  Parts   Initialize            everybody
/// </code>
/// Parts is the address of one <see cref="NodeStatPart"/> for each CPU, 64 bytes apart. Invariant, while no call is
/// open: Node and the parts' Diff add up to all that was counted. A plain read of Node is off by at most the threshold
/// for each CPU. Not modelled: zones, and the increments that overstep the threshold by half.
/// Source: mm/vmstat.c, v6.12.
/// </remarks>
public readonly partial struct NodeStat(nint at) : IHandle
{
    /// <summary>Distance between the parts of two CPUs, in bytes.</summary>
    public const int PartStride = 64;

    /// <inheritdoc/>
    public static int Bytes => 24;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The node's sum of what was folded.</summary>
    public AtomicS64 Node => new(at);

    /// <summary>The machine's sum of what was folded.</summary>
    public AtomicS64 Global => new(at + 8);

    /// <summary>Address of the parts.</summary>
    public PlainPtr Parts => new(at + 16);

    /// <summary>Makes the item, at 0.</summary>
    /// <param name="parts">Address of the parts, <see cref="PartStride"/> bytes apart.</param>
    /// <param name="threshold">0 to 125.</param>
    public void Initialize<TCpu>(TCpu cpu, nint parts, sbyte threshold) where TCpu : struct, ICpu
    {
        cpu.Write(Node, 0L);
        cpu.Write(Global, 0L);
        cpu.Write(Parts, parts);
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            NodeStatPart part = PartAt(parts, i);
            cpu.Write(part.Threshold, threshold);
            cpu.Write(part.Diff, (sbyte)0);
        }
    }

    /// <summary>Counts, when nothing can come between on this CPU: <c>__mod_node_page_state</c>.</summary>
    /// <param name="delta">-125 to 125.</param>
    /// <remarks>Context: preemption off; interrupts too, if the item is ever counted in one. Reads and writes the part
    /// separately: what another task of this CPU counts in between is lost.</remarks>
    public void ModUnsafe<TCpu>(TCpu cpu, int delta) where TCpu : struct, ICpu
    {
        NodeStatPart part = PartAt(cpu.Read(Parts), cpu.Id);

        // Plain, both accesses to the part: the caller's context makes them one.
        int sum = cpu.Read(part.Diff) + delta;
        if (Math.Abs(sum) > cpu.Read(part.Threshold))
        {
            AddToNode(cpu, sum);
            sum = 0;
        }

        cpu.Write(part.Diff, (sbyte)sum);
    }

    /// <summary>Counts, in any context: <c>mod_node_page_state</c>.</summary>
    /// <param name="delta">-125 to 125.</param>
    public void Mod<TCpu>(TCpu cpu, int delta) where TCpu : struct, ICpu
    {
        NodeStatPart part = PartAt(cpu.Read(Parts), cpu.Id);

        // Relaxed: the part is this CPU's; whatever comes between makes the exchange fail.
        sbyte seen = cpu.ReadOnce(part.Diff);
        sbyte before;
        int folded;
        do
        {
            before = seen;
            folded = 0;
            int sum = before + delta;
            if (Math.Abs(sum) > cpu.Read(part.Threshold))
            {
                folded = sum;
                sum = 0;
            }

            seen = cpu.CompareExchangeRelaxed(part.Diff, before, (sbyte)sum);
        }
        while (seen != before);

        if (folded != 0)
        {
            AddToNode(cpu, folded);
        }
    }

    /// <summary>Moves this CPU's part to the node, as a worker does every second: <c>refresh_cpu_vm_stats</c>.</summary>
    public void Fold<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        int diff = cpu.ExchangeRelaxed(PartAt(cpu.Read(Parts), cpu.Id).Diff, (sbyte)0);
        if (diff != 0)
        {
            AddToNode(cpu, diff);
        }
    }

    /// <summary>What the node has, parts included: <c>node_page_state</c> plus all diffs; never below 0.</summary>
    /// <remarks>Relaxed: what is counted meanwhile may be in, in part.</remarks>
    public long Snapshot<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        long sum = cpu.ReadOnce(Node);
        nint parts = cpu.Read(Parts);
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            sum += cpu.ReadOnce(PartAt(parts, i).Diff);
        }

        return Math.Max(sum, 0);
    }

    /// <summary>Readies the parts of a node that comes back: <c>hotadd_init_pgdat</c>.</summary>
    /// <typeparam name="TCpu">The processor.</typeparam>
    /// <typeparam name="TRule">The version.</typeparam>
    /// <remarks>Context: nobody counts on the node.</remarks>
    public void Online<TCpu, TRule>(TCpu cpu)
        where TCpu : struct, ICpu
        where TRule : struct, INodeOnlineRule
    {
        nint parts = cpu.Read(Parts);
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            Atomic<sbyte> diff = PartAt(parts, i).Diff;
            if (TRule.FoldsStrandedDiffs)
            {
                AddToNode(cpu, cpu.Read(diff));
            }

            cpu.Write(diff, (sbyte)0);
        }
    }

    private static NodeStatPart PartAt(nint parts, int cpu) => new(parts + (cpu * PartStride));

    // Relaxed: counters order nothing.
    private void AddToNode<TCpu>(TCpu cpu, int amount) where TCpu : struct, ICpu
    {
        cpu.FetchAddRelaxed(Node, (long)amount);
        cpu.FetchAddRelaxed(Global, (long)amount);
    }
}

/// <summary>What becomes of the parts when a node comes online again.</summary>
public interface INodeOnlineRule
{
    /// <summary>Whether what was counted and not folded before the node went is added to it first.</summary>
    static abstract bool FoldsStrandedDiffs { get; }
}

/// <summary>After the fix: nothing is lost.</summary>
public readonly struct FoldsStrandedDiffs : INodeOnlineRule
{
    /// <inheritdoc/>
    static bool INodeOnlineRule.FoldsStrandedDiffs => true;
}

/// <summary>Before the fix (the code of 75ef71840539): the parts are zeroed, Node stays.</summary>
public readonly struct ZeroesStrandedDiffs : INodeOnlineRule
{
    /// <inheritdoc/>
    public static bool FoldsStrandedDiffs => false;
}
