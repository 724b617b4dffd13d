using System.Collections.Generic;
using System.Linq;

namespace Stress.Reporting;

/// <summary>Rows in columns as wide as they need to be. A line is never broken, so a table can be searched and cut.
/// </summary>
/// <param name="headers">The heads of the columns; one that begins with <c>&gt;</c> is aligned to the right.</param>
internal sealed class TextTable(params string[] headers)
{
    private readonly List<string[]> _rows = [[.. headers.Select(header => header.TrimStart('>'))]];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The lines: the head, then a line for each row.</summary>
    public IEnumerable<string> Lines()
    {
        int[] widths = [.. headers.Select((_, column) => _rows.Max(row => row[column].Length))];
        return _rows.Select(
            row => string.Join("  ", row.Select((cell, column) => Pad(cell, column, widths))).TrimEnd());
    }

    /// <summary>A text that fits a column.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..(width - 3)]}...";

    private string Pad(string cell, int column, int[] widths)
        => headers[column].StartsWith('>') ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]);
}
