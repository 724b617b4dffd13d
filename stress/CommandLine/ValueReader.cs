using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Stress.CommandLine;

/// <summary>Reads the values of options and of plans. Each method throws <see cref="FormatException"/> with a message
/// that says what was given and what is allowed.</summary>
internal static class ValueReader
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    public static long Whole(string text, long least, long most)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n)
            && n >= least && n <= most)
        {
            return n;
        }

        string range = most == long.MaxValue ? $"of at least {least:N0}" : $"from {least:N0} to {most:N0}";
        throw new FormatException($"'{text}' is not a whole number {range}");
    }

    public static int WholeInt(string text, int least, int most) => (int)Whole(text, least, most);

    /// <summary>Whole numbers from 1 up, with commas between them.</summary>
    public static IReadOnlyList<int> Counts(string text)
        => [.. text.Split(',', StringSplitOptions.TrimEntries).Select(one => WholeInt(one, 1, 100_000)).Distinct()];

    public static ulong Seed(string text)
    {
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isRead = ulong.TryParse(
            isHex ? text.AsSpan(2) : text,
            isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture,
            out ulong seed);
        return isRead
            ? seed
            : throw new FormatException(
                $"'{text}' is not a seed: a whole number from 0 to 2^64-1, or 0x and hex digits");
    }

    /// <summary>A probability.</summary>
    public static double Share(string text)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share)
            && share is >= 0 and <= 1
            ? share
            : throw new FormatException($"'{text}' is not a probability from 0 to 1, such as 0.01");

    /// <summary>A number and its unit: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>.</summary>
    public static TimeSpan Duration(string text)
    {
        string unit = new([.. text.SkipWhile(c => char.IsAsciiDigit(c) || c == '.')]);
        double seconds = unit switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => 0,
        };
        string number = text[..^unit.Length];
        bool isRead = double.TryParse(
            number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount);
        if (!isRead || seconds == 0 || amount <= 0)
        {
            throw new FormatException(
                $"'{text}' is not a duration: a number above 0 with its unit, such as 500ms, 10s, "
                + "2m or 1h");
        }

        return amount * seconds <= s_longest.TotalSeconds
            ? TimeSpan.FromSeconds(amount * seconds)
            : throw new FormatException($"'{text}' is longer than 30d");
    }

    /// <summary>One of a few words.</summary>
    public static string OneOf(string text, params ReadOnlySpan<string> words)
    {
        string[] all = words.ToArray();
        return all.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new FormatException($"'{text}' is not available; available: {string.Join(", ", all)}");
    }
}
