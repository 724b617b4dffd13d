using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;

namespace Stress.CommandLine;

/// <summary>Says in one line what is wrong with a command line.</summary>
internal static class Complaint
{
    public static string About(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        bool isRoot = command is RootCommand;
        string path = PathOf(command);
        string? unknown = parsed.UnmatchedTokens.FirstOrDefault(IsOption)
            ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        if (unknown is null)
        {
            return isRoot && parsed.Tokens.Count == 0
                ? $"no command given; there are {Names(command.Subcommands)} ('stress --help' says more)"
                : $"{Prefix(command)}{Trim(parsed.Errors[0].Message)}";
        }

        if (IsOption(unknown))
        {
            return $"unknown option '{unknown}'"
                + OrElse(
                    NearestName.Suggestion(unknown, command.Options.Where(o => !o.Hidden).Select(o => o.Name)),
                    $"; '{path} --help' lists what there is");
        }

        return isRoot
            ? $"unknown command '{unknown}'"
                + OrElse(
                    NearestName.Suggestion(unknown, command.Subcommands.Select(c => c.Name)),
                    $"; there are {Names(command.Subcommands)}")
            : $"'{unknown}' is one argument too many for '{path}'; see '{path} --help'";
    }

    private static string PathOf(Command command)
        => command is RootCommand ? "stress" : $"{PathOf(command.Parents.OfType<Command>().First())} {command.Name}";

    private static bool IsOption(string token) => token.StartsWith('-');

    private static string Prefix(Command command) => command is RootCommand ? "" : $"{command.Name}: ";

    // The library ends its sentences with a full stop, our messages have none.
    private static string Trim(string message) => message.TrimEnd('.');

    private static string OrElse(string text, string other) => text.Length == 0 ? other : text;

    private static string Names(IEnumerable<Command> commands)
        => string.Join(", ", commands.Select(command => command.Name).Order(StringComparer.Ordinal));
}
