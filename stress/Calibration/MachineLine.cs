using System.Globalization;

namespace Stress.Calibration;

/// <summary>One field of a machine file.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">What the file says.</param>
/// <param name="Source">Where that comes from, in one line; empty for words that need none.</param>
/// <param name="Measured">The measurement; null for what was not measured.</param>
internal sealed record MachineLine(string Key, string Value, string Source, Measured? Measured = null)
{
    /// <summary>A count.</summary>
    public static MachineLine Count(string key, int count, string source)
        => new(key, count.ToString(CultureInfo.InvariantCulture), source);

    /// <summary>A time that was measured.</summary>
    public static MachineLine Time(string key, Measured measured, string how)
        => new(
            key,
            Nanoseconds(measured.Nanoseconds),
            string.Create(
                CultureInfo.InvariantCulture,
                $"measured: {how}; {measured.Samples} samples, fastest {Nanoseconds(measured.Fastest)}, "
                + $"median {Nanoseconds(measured.Median)}"),
            measured);

    /// <summary>A time that follows from others.</summary>
    public static MachineLine Derived(string key, double nanoseconds, string how)
        => new(key, Nanoseconds(nanoseconds), how);

    private static string Nanoseconds(double ns) => ns.ToString("0.###", CultureInfo.InvariantCulture);
}
