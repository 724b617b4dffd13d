using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Stress.Cli.Tests.Documents;

/// <summary>A command line that a document shows, and what the document says it prints.</summary>
/// <param name="Line">As it is in the document.</param>
/// <param name="Arguments">What the tool is given.</param>
/// <param name="Shown">The lines below it, to the next command or to the end of the block.</param>
internal sealed record DocumentedCommand(
    string Line, IReadOnlyList<string> Arguments, IReadOnlyList<string> Shown)
{
    private const string Fence = "```";

    // What begins a command: the second form stands for the first where a document has many.
    private static readonly string[] s_starts = ["dotnet run -c Release --project stress -- ", "stress "];

    public string Name => Arguments[0];

    /// <summary>The value of an option; null where it is not given.</summary>
    public string? Value(string option)
        => Arguments.SkipWhile(argument => argument != option).Skip(1).FirstOrDefault();

    /// <summary>The commands of a document, in their order.</summary>
    public static IReadOnlyList<DocumentedCommand> Of(string path)
    {
        List<DocumentedCommand> commands = [];
        string[] lines = File.ReadAllLines(path);
        bool isInBlock = false;
        for (int i = 0; i < lines.Length; i++)
        {
            isInBlock ^= lines[i].StartsWith(Fence, StringComparison.Ordinal);
            if (isInBlock && Command(lines, ref i) is { } line)
            {
                string start = s_starts.First(start => line.StartsWith(start, StringComparison.Ordinal));
                commands.Add(new DocumentedCommand(
                    line,
                    line[start.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    [.. lines.Skip(i + 1).TakeWhile(next => !next.StartsWith(Fence, StringComparison.Ordinal)
                        && !next.StartsWith("$ ", StringComparison.Ordinal))]));
            }
        }

        return commands;
    }

    // A line that ends in a backslash goes on in the next one; what stands far to the right is said about it.
    private static string? Command(string[] lines, ref int at)
    {
        string text = lines[at].StartsWith("$ ", StringComparison.Ordinal) ? lines[at][2..] : lines[at];
        if (!s_starts.Any(start => text.StartsWith(start, StringComparison.Ordinal)))
        {
            return null;
        }

        while (text.EndsWith('\\'))
        {
            text = $"{text[..^1].TrimEnd()} {lines[++at].Trim()}";
        }

        return text.Split("    ", 2)[0].TrimEnd();
    }
}
