using Spectre.Console;

namespace Stress.Reporting;

/// <summary>Tables in the one form that reports use.</summary>
internal static class Tables
{
    public static Table Plain(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        return table;
    }

    /// <summary>Puts the numbers of all columns from one on below each other.</summary>
    public static void AlignRight(Table table, int from)
    {
        for (int i = from; i < table.Columns.Count; i++)
        {
            table.Columns[i].RightAligned().NoWrap();
        }
    }

    /// <summary>A text that fits a column.</summary>
    public static Text Cut(string text, int width)
        => new(text.Length <= width ? text : $"{text[..(width - 3)]}...");
}
