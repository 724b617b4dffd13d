namespace Stress.Mm.PageAlloc;

/// <summary>Error results of isolation, negative as the kernel returns them.</summary>
public static class PageErrno
{
    /// <summary>The page is not free any more (<c>-ENOENT</c>).</summary>
    public const long NoEntry = -2;

    /// <summary>Isolated already, or in use (<c>-EBUSY</c>).</summary>
    public const long Busy = -16;
}
