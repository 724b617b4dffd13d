namespace Stress.Mm.PageMetadata;

/// <summary>Error results of memory hotplug, negative as the kernel returns them.</summary>
public static class HotplugError
{
    /// <summary>Somebody has part of the memory, or it is online (<c>-EBUSY</c>).</summary>
    public const long Busy = -16;

    /// <summary>The memory is there already (<c>-EEXIST</c>).</summary>
    public const long Exists = -17;

    /// <summary>There is no such memory, or it is not in the state for that (<c>-EINVAL</c>).</summary>
    public const long Invalid = -22;
}
