using System;
using System.Collections.Generic;

namespace Stress.Exploration;

/// <summary>Puts words together and cuts them apart.</summary>
internal static class Wording
{
    /// <summary>Such as <c>a</c>, <c>a and b</c> or <c>a, b and c</c>.</summary>
    public static string Join(IReadOnlyList<string> words) => words.Count switch
    {
        0 => "",
        1 => words[0],
        _ => $"{string.Join(", ", Head(words))} and {words[^1]}",
    };

    /// <summary>The line in parts of at most a width, cut at spaces where there are any; later parts are indented two
    /// further.</summary>
    public static IEnumerable<string> Wrap(string line, int width)
    {
        string indent = new(' ', Math.Min(width / 2, line.Length - line.TrimStart().Length + 2));
        while (line.Length > width)
        {
            int space = line.LastIndexOf(' ', width, width - indent.Length);
            int cut = space > indent.Length ? space : width;
            yield return line[..cut].TrimEnd();
            line = indent + line[cut..].TrimStart();
        }

        yield return line;
    }

    private static IEnumerable<string> Head(IReadOnlyList<string> words)
    {
        for (int i = 0; i < words.Count - 1; i++)
        {
            yield return words[i];
        }
    }
}
