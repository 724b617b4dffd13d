using System;

namespace Stress.Nightly;

/// <summary>The memory of the process that runs a night.</summary>
internal static class HostMemory
{
    // A collection that gives memory back costs the next items the time to get it again.
    private const int Part = 8;

    /// <summary>Gives back what items have left, once it is an eighth of the host's memory. Searches keep trees of hundreds
    /// of megabytes, which live long enough for the collector to leave them alone while the host has memory.</summary>
    public static void GiveBack()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Part)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
