using System.Collections.Generic;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <summary>Data races that list_lru and its cgroups have on purpose.</summary>
public static class ListLruRaces
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<KnownRace> Known { get; } =
    [
        new("mem_cgroup.Flags", "css_get and css_is_dying read the flags without a lock, plainly, while cgroup_mutex "
            + "is held to set one bit; each reader asks for one bit (include/linux/cgroup_refcnt.h and kill_css, v6.12)"),
        new("*.NrItems", "the holder of the lock counts plainly, and list_lru_count_one reads with READ_ONCE and no "
            + "lock: an estimate for the shrinker (mm/list_lru.c, v6.12)"),
        .. LockRaces.Sleeping,
    ];
}
