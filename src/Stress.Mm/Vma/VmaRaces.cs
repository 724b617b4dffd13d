using System.Collections.Generic;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>Data races that the VMA code of the kernel has on purpose.</summary>
public static class VmaRaces
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<KnownRace> Known { get; } =
    [
        new("maple_node.Rcu.*", "call_rcu writes its head over the first pivots of a node that readers may still be "
            + "in: a reader tests whether the node is dead behind a read barrier and then starts over "
            + "(ma_dead_node and mte_set_node_dead, lib/maple_tree.c, v6.12)"),
        .. LockRaces.Sleeping,
    ];
}
