using System.CommandLine;
using System.IO;
using Stress.CommandLine;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Commands;

/// <summary><c>stress compare</c>: says how one run differs from an earlier one.</summary>
internal sealed class CompareCommand : ICommandFactory
{
    private readonly Argument<string[]> _runs = new("RUN")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The earlier and the later run: their folders, or their names in --out",
    };

    private readonly Option<string> _out = new("--out")
    {
        HelpName = "DIR",
        Description = "Where runs and their history are",
        DefaultValueFactory = _ => "results",
    };

    private readonly Option<bool> _json = Options.Json();

    public string Examples =>
        "stress compare 20260101-020000-a1b2c3 latest\n"
        + "stress compare results/20260101-020000-a1b2c3 results/latest --json";

    public Command Create()
    {
        var command = new Command("compare", "Says how one run differs from an earlier one; 1 when it is worse")
        {
            _runs, _out, _json,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] runs = parsed.GetValue(_runs)!;
        if (runs.Length != 2)
        {
            throw new UsageException(
                $"compare takes two runs, the earlier and the later one, not {runs.Length}; "
                + "see 'stress compare --help'");
        }

        string parent = parsed.GetValue(_out)!;
        var output = new Output(parsed.GetValue(_json));
        try
        {
            StoredRun before = StoredRun.Open(StoredRun.Place(parent, runs[0]));
            StoredRun after = StoredRun.Open(StoredRun.Place(parent, runs[1]));
            NightHistory history = NightHistory.Read(parent, after.Summary.Host);
            var comparison = RunComparison.Of(before, after, history.Here);
            if (output.IsJson)
            {
                Output.WriteJson(ResultsJson.Write(comparison));
            }
            else
            {
                CompareReport.Write(output, comparison, history.Wrong);
            }

            return comparison.IsRegression ? ExitCode.Violation : ExitCode.AsExpected;
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"compare: {e.Message}");
        }
    }
}
