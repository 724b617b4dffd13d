using Stress.Machine;

namespace Stress.Mm;

/// <summary>A node of a circular doubly linked list, or the list itself (<c>struct list_head</c>).</summary>
/// <remarks>
/// <code>
/// offset  bytes  field  written by          read by
///      0      8  Next   holder of the lock  holder of the lock
///      8      8  Prev   holder of the lock  holder of the lock
/// </code>
/// Invariant: the next node's Prev is this node; an empty list points to itself both ways.
/// Context: every method wants the lock of the list held. Not modelled: the poison that <c>list_del</c> leaves in a
/// removed node; every removed node here is freed or linked anew at once.
/// Source: <c>include/linux/list.h</c>, v6.12.
/// </remarks>
public readonly partial struct ListHead(nint at) : IHandle
{
    /// <inheritdoc/>
    public static int Bytes => 16;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>The following node, or the list itself behind the last one.</summary>
    public PlainPtr Next => new(at);

    /// <summary>The preceding node, or the list itself before the first one.</summary>
    public PlainPtr Prev => new(at + 8);

    /// <summary>Makes the list empty (<c>INIT_LIST_HEAD</c>).</summary>
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Write(Next, at);
        cpu.Write(Prev, at);
    }

    /// <summary>Links a node in right behind this one (<c>list_add</c>).</summary>
    public void AddAfter<TCpu>(TCpu cpu, ListHead node) where TCpu : struct, ICpu
    {
        ListHead next = new(cpu.Read(Next));
        cpu.Write(next.Prev, node.Address);
        cpu.Write(node.Next, next.Address);
        cpu.Write(node.Prev, at);
        cpu.Write(Next, node.Address);
    }

    /// <summary>Links a node in right before this one (<c>list_add</c> behind its <c>prev</c>).</summary>
    public void AddBefore<TCpu>(TCpu cpu, ListHead node) where TCpu : struct, ICpu
    {
        ListHead prev = new(cpu.Read(Prev));
        cpu.Write(Prev, node.Address);
        cpu.Write(node.Next, at);
        cpu.Write(node.Prev, prev.Address);
        cpu.Write(prev.Next, node.Address);
    }

    /// <summary>Takes this node out of its list (<c>list_del</c>).</summary>
    public void Delete<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        ListHead next = new(cpu.Read(Next));
        ListHead prev = new(cpu.Read(Prev));
        cpu.Write(next.Prev, prev.Address);
        cpu.Write(prev.Next, next.Address);
    }

    /// <summary>Links all nodes of this list in at the front of another (<c>list_splice</c>).</summary>
    /// <remarks>This list still points at its nodes afterwards: whoever goes on using it must initialise it.</remarks>
    public void SpliceInto<TCpu>(TCpu cpu, ListHead list) where TCpu : struct, ICpu
    {
        ListHead first = new(cpu.Read(Next));
        if (first.Address == at)
        {
            return;
        }

        ListHead last = new(cpu.Read(Prev));
        ListHead behind = new(cpu.Read(list.Next));
        cpu.Write(first.Prev, list.Address);
        cpu.Write(list.Next, first.Address);
        cpu.Write(last.Next, behind.Address);
        cpu.Write(behind.Prev, last.Address);
    }
}
