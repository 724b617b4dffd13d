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
    private const string Start = "dotnet run -c Release --project stress -- ";
    private const string Fence = "```";

    public string Name => Arguments[0];

    /// <summary>The value of an option; null where it is not given.</summary>
    public string? Value(string option)
        => Arguments.SkipWhile(argument => argument != option).Skip(1).FirstOrDefault();

    /// <summary>The commands of a document, in their order.</summary>
    public static IReadOnlyList<DocumentedCommand> Of(string path)
    {
        List<DocumentedCommand> commands = [];
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (Command(lines[i]) is { } line)
            {
                commands.Add(new DocumentedCommand(
                    line,
                    line[Start.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    [.. lines.Skip(i + 1).TakeWhile(next => !next.StartsWith(Fence, StringComparison.Ordinal)
                        && !next.StartsWith("$ ", StringComparison.Ordinal))]));
            }
        }

        return commands;
    }

    private static string? Command(string line)
    {
        string text = line.StartsWith("$ ", StringComparison.Ordinal) ? line[2..] : line;
        return text.StartsWith(Start, StringComparison.Ordinal) ? text : null;
    }
}
