namespace Stress.Mm;

/// <summary>Error results, negative as the kernel returns them.</summary>
public static class Errno
{
    /// <summary>No such entry (<c>-ENOENT</c>).</summary>
    public const int NoEntry = -2;

    /// <summary>Try again (<c>-EAGAIN</c>).</summary>
    public const int Again = -11;

    /// <summary>No memory (<c>-ENOMEM</c>).</summary>
    public const int NoMemory = -12;

    /// <summary>Busy: isolated, or in use (<c>-EBUSY</c>).</summary>
    public const int Busy = -16;

    /// <summary>It exists already (<c>-EEXIST</c>).</summary>
    public const int Exists = -17;

    /// <summary>Not allowed (<c>-EINVAL</c>).</summary>
    public const int Invalid = -22;

    /// <summary>No space: a quota or a pool is used up (<c>-ENOSPC</c>).</summary>
    public const int NoSpace = -28;
}
