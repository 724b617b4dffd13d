using System;
using System.Globalization;

namespace Stress.Reporting;

/// <summary>Numbers as reports show them.</summary>
internal static class Figures
{
    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: <c>1 thread</c>, <c>2,000 threads</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    public static string Share(double part, double whole)
        => whole <= 0 ? "0.0%" : (100 * part / whole).ToString("N1", CultureInfo.InvariantCulture) + "%";

    /// <summary>A duration with the unit that suits it: <c>0.42 s</c>, <c>75 s</c>, <c>12 m 5 s</c>, <c>3 h 1 m</c>.
    /// </summary>
    public static string Time(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => time.TotalSeconds.ToString("N2", CultureInfo.InvariantCulture) + " s",
        < 120 => time.TotalSeconds.ToString("N0", CultureInfo.InvariantCulture) + " s",
        < 7200 => $"{(int)time.TotalMinutes} m {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} m",
    };

    public static string Seconds(double seconds) => Time(TimeSpan.FromSeconds(seconds));

    /// <summary>Nanoseconds with the unit that suits them: <c>85 ns</c>, <c>1.2 us</c>, <c>3.4 ms</c>.</summary>
    public static string Nanoseconds(double ns) => ns switch
    {
        < 1_000 => ns.ToString("N0", CultureInfo.InvariantCulture) + " ns",
        < 1_000_000 => (ns / 1_000).ToString("N1", CultureInfo.InvariantCulture) + " us",
        < 1_000_000_000 => (ns / 1_000_000).ToString("N1", CultureInfo.InvariantCulture) + " ms",
        _ => (ns / 1_000_000_000).ToString("N1", CultureInfo.InvariantCulture) + " s",
    };
}
