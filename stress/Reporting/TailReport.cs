using System.Collections.Generic;
using System.Linq;
using System.Text;
using Stress.Machine.Native;
using Stress.Results;

namespace Stress.Reporting;

/// <summary>What the tasks of a failed hammer run did last: the end of it on the screen, all of it in the file.
/// </summary>
internal static class TailReport
{
    private const int MostShown = 4;
    private const int MostWidth = 108;

    /// <summary>The last operations of each task.</summary>
    public static void Write(Output output, IReadOnlyList<TailFigures> tails)
    {
        string label = "last";
        foreach (TailFigures tail in tails)
        {
            output.Line($"{label,-10} {TextTable.Cut($"{tail.Task}: {Last(tail)}", MostWidth)}");
            Write(output, "waits for", tail.Waits);
            Write(output, "holds", tail.Holds);
            label = "";
        }
    }

    /// <summary>All that is known of each task, an operation a line.</summary>
    public static string Tell(IEnumerable<TaskTail> tails)
    {
        var text = new StringBuilder();
        foreach (TaskTail tail in tails)
        {
            text.Append('\n').Append(tail.Task)
                .Append(tail.Waits.Length > 0 ? $", waits for {tail.Waits}" : "")
                .Append(tail.Holds.Length > 0 ? $", holds {tail.Holds}" : "")
                .Append(":\n");
            foreach (TailOperation operation in tail.Operations)
            {
                text.Append(' ', 2 + (2 * operation.Depth)).Append(operation).Append('\n');
            }
        }

        return text.ToString();
    }

    // As many of the last as fit into a line.
    private static string Last(TailFigures tail)
        => Enumerable.Range(1, MostShown).Reverse()
            .Select(count => string.Join(", ", tail.Operations.TakeLast(count)))
            .FirstOrDefault(text => tail.Task.Length + 2 + text.Length <= MostWidth)
            ?? tail.Operations[^1];

    private static void Write(Output output, string what, string value)
    {
        if (value.Length > 0)
        {
            output.Line($"             {TextTable.Cut($"{what} {value}", MostWidth)}");
        }
    }
}
