using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.IO;
using System.Linq;
using Stress.Commands;
using Stress.Machine;
using Stress.Reporting;
using Stress.Running;

namespace Stress.CommandLine;

/// <summary>The command line: its commands, and what becomes of their errors.</summary>
internal sealed class CommandTree
{
    private readonly RootCommand _root = new(
        "Stresses locking protocols: explores their interleavings, hammers them with "
        + "real threads, and replays what it found.");

    private readonly IReadOnlyList<Scenario> _catalog;

    private readonly Option<string[]> _assembly = new("--assembly")
    {
        HelpName = "PATH",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        Description = "An assembly with scenarios or layouts of your own, besides those of the tool; may be given several "
            + "times",
        DefaultValueFactory = _ => [],
    };

    public CommandTree(IReadOnlyList<Scenario> catalog)
    {
        _catalog = catalog;
        ICommandFactory[] ofScenarios =
        [
            new ListCommand(catalog),
            new ExploreCommand(catalog),
            new HammerCommand(catalog),
            new SimulateCommand(catalog),
            new ReplayCommand(catalog),
            new ShrinkCommand(catalog),
            new CorpusCommand(catalog),
            new LayoutCommand(catalog),
            new NightlyCommand(catalog),
            new BenchCommand(catalog),
            new MachineCommand(catalog),
            new MergeCommand(catalog),
        ];
        ICommandFactory[] ofResults = [new CompareCommand(), new ReportCommand()];
        var examples = new Dictionary<Command, string>
        {
            [_root] = "stress nightly --plan quick\nstress list\nstress explore hugetlb/region-add --variant v7",
        };
        foreach (ICommandFactory factory in (IEnumerable<ICommandFactory>)[.. ofScenarios, .. ofResults])
        {
            Command command = factory.Create();
            if (ofScenarios.Contains(factory))
            {
                command.Add(_assembly);
            }

            _root.Add(command);
            foreach (Command part in command.Subcommands.Prepend(command))
            {
                examples.Add(part, factory.Examples);
            }
        }

        HelpOption help = _root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, examples);
    }

    /// <summary>The arguments, as they were given.</summary>
    public static IReadOnlyList<string> Arguments(ParseResult parsed)
        => [.. parsed.Tokens.Select(token => token.Value)];

    /// <summary>Runs a command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run(IReadOnlyList<string> args)
    {
        TextWriter errors = Console.Error;
        try
        {
            ParseResult parsed = Parse(args);
            string[] assemblies = parsed.GetResult(_assembly) is null ? [] : parsed.GetValue(_assembly)!;
            if (assemblies.Length == 0)
            {
                return Invoke(parsed);
            }

            Reproduction.Assemblies = assemblies;
            return Invoke(new CommandTree(OwnAssembly.AddTo(_catalog, assemblies)).Parse(args));
        }
        catch (UsageException e)
        {
            errors.WriteLine($"stress: {e.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"stress: {e.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Incomplete;
        }
    }

    private static int Invoke(ParseResult parsed) => parsed.Invoke(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    });

    private ParseResult Parse(IReadOnlyList<string> args)
    {
        ParseResult parsed = _root.Parse(
            args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        return parsed.Errors.Count == 0 ? parsed : throw new UsageException(Complaint.About(parsed));
    }
}
