namespace Stress.Mm.Hugetlb;

/// <summary>Error results of the reservation calls, negative as the kernel returns them.</summary>
public static class Errno
{
    /// <summary>No memory, or no huge page (<c>-ENOMEM</c>).</summary>
    public const long NoMemory = -12;

    /// <summary>The file exists, here: the page is in the page cache already (<c>-EEXIST</c>).</summary>
    public const long Exists = -17;

    /// <summary>The file's quota is used up, or no page was left (<c>-ENOSPC</c>).</summary>
    public const long NoSpace = -28;
}
