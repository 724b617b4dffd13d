using System;
using System.Globalization;
using System.IO;

namespace Stress.Bench;

/// <summary>How busy the host is.</summary>
internal static class HostLoad
{
    /// <summary>Tasks that ran or wanted to, on average of the last minute; null where the system does not tell.
    /// </summary>
    public static double? Now()
    {
        try
        {
            return double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
