using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Stress.Cli.Tests.Documents;

/// <summary>Every command that the documents show is run, document by document, each in a folder of its own.</summary>
public sealed class DocumentedCommandTests
{
    public static TheoryData<string> Documents =>
    [
        .. ((IEnumerable<string>)["README.md", .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md")
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)])
            .Where(document => DocumentedCommand.Of(Repository.PathOf(document)).Count > 0),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Command_OfDocument_DoesWhatTheDocumentShows(string document)
    {
        using var folder = new TemporaryFolder();
        var cutDown = new CutDown(folder);
        foreach (DocumentedCommand command in DocumentedCommand.Of(Repository.PathOf(document)))
        {
            foreach (string[] arguments in cutDown.Of(command))
            {
                Ended ended = StressProcess.RunIn(folder.Location, arguments);

                string run = $"{command.Line}\nwas run as: {string.Join(' ', arguments)}\n";
                Assert.True(
                    ended.ExitCode is 0 or 1, $"{run}ends with {ended.ExitCode}: {ended.Errors}{ended.Output}");
                Assert.All(
                    Promises(command),
                    promise => Assert.True(
                        ended.Output.Contains(promise, StringComparison.Ordinal),
                        $"{run}does not print: {promise}\nbut: {ended.Output}"));
            }
        }
    }

    [Fact]
    public void Readme_Commands_AreFound()
        => Assert.Contains(
            DocumentedCommand.Of(Repository.PathOf("README.md")),
            command => command.Name == "explore" && Promises(command).Any());

    // What is the same on every machine: what an exploration found, and how many executions a proof took. With several
    // workers an exhaustive search may meet another violation first, and real threads do what they like.
    private static IEnumerable<string> Promises(DocumentedCommand command)
    {
        bool isSearch = command.Name == "explore" && !command.Arguments.Contains("exhaustive");
        foreach (string line in command.Shown)
        {
            if (isSearch && line.StartsWith("finding    ", StringComparison.Ordinal))
            {
                yield return line.TrimEnd();
            }

            if (command.Name == "explore" && line.StartsWith("verified: ", StringComparison.Ordinal))
            {
                yield return line[..line.LastIndexOf(" (", StringComparison.Ordinal)];
            }
        }
    }
}
