using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.CommandLine;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
internal static class NearestName
{
    private const int MostSuggestions = 3;

    /// <summary>A clause for the end of a message, such as <c>; did you mean 'v7'?</c>; empty when nothing is near.
    /// </summary>
    public static string Suggestion(string given, IEnumerable<string> names)
    {
        string[] near = Find(given, names);
        return near.Length == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}?";
    }

    private static string[] Find(string given, IEnumerable<string> names)
    {
        int limit = Math.Max(2, given.Length / 3);
        var ranked = names
            .Select(name => (Name: name, Distance: DistanceOrPart(given, name)))
            .Where(candidate => candidate.Distance <= limit)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .ToList();
        return [.. ranked.Where(c => c.Distance == ranked[0].Distance).Take(MostSuggestions).Select(c => c.Name)];
    }

    // Somebody who leaves out "hugetlb/" means the rest exactly.
    private static int DistanceOrPart(string given, string name)
        => given.Length >= 3 && name.Contains(given, StringComparison.OrdinalIgnoreCase) ? 1 : Distance(given, name);

    // Levenshtein, one row at a time.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
