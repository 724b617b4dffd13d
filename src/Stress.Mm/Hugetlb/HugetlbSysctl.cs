using Stress.Machine;

namespace Stress.Mm.Hugetlb;

/// <summary>The table entry of <c>/proc/sys/vm/nr_hugepages</c>: where a handler reads and writes the number
/// (<c>struct ctl_table</c>).</summary>
/// <typeparam name="TCopy">Whether each call works on a copy of the table.</typeparam>
/// <remarks>
/// <code>
/// offset  bytes  field  written by                                  read by
///      0      8  Data   before the repair: any handler, unlocked    any handler
/// </code>
/// Source: <c>hugetlb_sysctl_handler_common</c>, v5.8, and 17743798d812.
/// </remarks>
public readonly partial struct HugetlbSysctl<TCopy>(nint at) : IHandle
    where TCopy : struct, ISysctlTable
{
    private const int NumberOffset = 64;
    private const int CopyOffset = 72;

    /// <inheritdoc/>
    public static int Bytes => 8;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Address of the number (<c>data</c>).</summary>
    public PlainPtr Data => new(at);

    /// <summary>Takes a number from the user (<c>hugetlb_sysctl_handler_common</c>).</summary>
    /// <param name="written">What the user has written.</param>
    /// <returns>What the handler understood.</returns>
    public ulong Write<TCpu>(TCpu cpu, ulong written) where TCpu : struct, ICpu
    {
        cpu.Enter("hugetlb_sysctl_handler_common", (long)written);
        PlainU64 number = new(cpu.Current.Scratch + NumberOffset);
        cpu.Write(number, 0ul);
        PlainPtr data = TCopy.IsPrivate ? new PlainPtr(cpu.Current.Scratch + CopyOffset) : Data;
        cpu.Write(data, number.Address);

        // proc_doulongvec_minmax: writes where the table points.
        cpu.Write(new PlainU64(cpu.Read(data)), written);
        ulong understood = cpu.Read(number);
        cpu.Leave((long)understood);
        return understood;
    }
}

/// <summary>Which table a handler of a sysctl works on.</summary>
public interface ISysctlTable
{
    /// <summary>Whether it is a copy on the handler's stack.</summary>
    static abstract bool IsPrivate { get; }
}

/// <summary>A copy for each call, as repaired.</summary>
public readonly struct PrivateTable : ISysctlTable
{
    /// <inheritdoc/>
    public static bool IsPrivate => true;
}

/// <summary>The one static table, as it was.</summary>
public readonly struct StaticTable : ISysctlTable
{
    /// <inheritdoc/>
    public static bool IsPrivate => false;
}
