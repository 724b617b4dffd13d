using System;
using System.CommandLine;
using System.IO;
using Stress.CommandLine;
using Stress.Reporting;
using Stress.Reporting.Pages;
using Stress.Results;

namespace Stress.Commands;

/// <summary><c>stress report</c>: writes a run's report again, without running anything.</summary>
internal sealed class ReportCommand : ICommandFactory
{
    private readonly Argument<string[]> _run = new("RUN")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The run: its folder, or its name in --out, such as latest",
    };

    private readonly Option<string?> _to = new("--to")
    {
        HelpName = "FILE",
        Description = $"Where to write it; {ReportPage.Name} in the run's folder if not given",
    };

    private readonly Option<string> _out = new("--out")
    {
        HelpName = "DIR",
        Description = "Where runs and their history are",
        DefaultValueFactory = _ => "results",
    };

    public string Examples => "stress report latest\nstress report results/20260101-020000-a1b2c3 --to night.html";

    public Command Create()
    {
        var command = new Command("report", "Writes a run's report as one HTML file, from what is stored")
        {
            _run, _to, _out,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] runs = parsed.GetValue(_run)!;
        if (runs.Length != 1)
        {
            throw new UsageException($"report takes one run, not {runs.Length}; see 'stress report --help'");
        }

        string page = Read(StoredRun.Place(parsed.GetValue(_out)!, runs[0]), out string location);
        string file = parsed.GetValue(_to) ?? Path.Combine(location, ReportPage.Name);
        try
        {
            AtomicFile.WriteAllText(file, page);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(
                $"--to: '{file}' cannot be written: {e.Message.TrimEnd('.')}; name a file in a folder that is there");
        }

        new Output(isJson: false).Line($"report {file}");
        return ExitCode.AsExpected;
    }

    private static string Read(string place, out string location)
    {
        try
        {
            var data = ReportData.Read(place);
            location = data.Run.Location;
            return ReportPage.Of(data);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"report: {e.Message}");
        }
    }
}
