namespace Stress.Mm.PageAlloc;

/// <summary>How large pageblocks and buddies are: constants of a kernel's configuration.</summary>
public interface IZoneSize
{
    /// <summary>Order of a pageblock (<c>pageblock_order</c>).</summary>
    static abstract int PageblockOrder { get; }

    /// <summary>Order of the largest buddy (<c>MAX_PAGE_ORDER</c>): from <see cref="PageblockOrder"/> to 10.</summary>
    static abstract int MaxOrder { get; }
}

/// <summary>x86-64: pageblocks of 2 MiB, buddies of up to two of them.</summary>
public readonly struct X86ZoneSize : IZoneSize
{
    /// <inheritdoc/>
    public static int PageblockOrder => 9;

    /// <inheritdoc/>
    public static int MaxOrder => 10;
}

/// <summary>Pageblocks of two pages, buddies of up to two of them: x86-64 made tiny.</summary>
public readonly struct TwoBlockBuddies : IZoneSize
{
    /// <inheritdoc/>
    public static int PageblockOrder => 1;

    /// <inheritdoc/>
    public static int MaxOrder => 2;
}

/// <summary>Pageblocks of two pages, buddies of up to four of them.</summary>
public readonly struct FourBlockBuddies : IZoneSize
{
    /// <inheritdoc/>
    public static int PageblockOrder => 1;

    /// <inheritdoc/>
    public static int MaxOrder => 3;
}

/// <summary>Pageblocks of two pages, buddies of up to eight of them.</summary>
public readonly struct EightBlockBuddies : IZoneSize
{
    /// <inheritdoc/>
    public static int PageblockOrder => 1;

    /// <inheritdoc/>
    public static int MaxOrder => 4;
}
