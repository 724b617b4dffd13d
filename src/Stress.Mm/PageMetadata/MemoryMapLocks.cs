using Stress.Machine;

namespace Stress.Mm.PageMetadata;

/// <summary>The lock classes of the memory map, the outermost first.</summary>
public static class MemoryMapLocks
{
    /// <summary><c>mem_hotplug_lock</c>: written by hotplug, read by <c>get_online_mems</c>.</summary>
    public static readonly LockClass Hotplug = new("mem_hotplug_lock");

    /// <summary><c>init_mm.mmap_lock</c>: only read here.</summary>
    public static readonly LockClass Mmap = new("init_mm.mmap_lock");

    /// <summary><c>init_mm.page_table_lock</c>: a plain spin lock.</summary>
    public static readonly LockClass PageTable = new("init_mm.page_table_lock");
}
