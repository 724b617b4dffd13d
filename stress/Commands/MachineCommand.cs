using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Stress.Calibration;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Reporting;
using Stress.Results;
using Stress.Running;
using Stress.Simulation;

namespace Stress.Commands;

/// <summary><c>stress machine</c>: the machines that can be simulated, this host among them.</summary>
internal sealed class MachineCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    /// <summary>Samples of each time, unless somebody says otherwise.</summary>
    public const int DefaultSamples = 200;

    private readonly Option<int> _samples = Options.Create(
        "--samples", "N", "Samples of each time", text => ValueReader.WholeInt(text, 4, 100_000), DefaultSamples);

    private readonly Option<string> _out = Options.Out();
    private readonly Option<bool> _json = Options.Json();

    private readonly Argument<string> _machine = new("NAME|FILE")
    {
        Description = "A machine that comes with the tool, or a machine file",
    };

    public string Examples =>
        "stress machine calibrate\n"
        + "stress machine list\n"
        + "stress machine show broadwell-ep-2s\n"
        + "stress simulate vma/anon-fault --machine results/latest/host.machine";

    public Command Create()
    {
        var calibrate = new Command("calibrate", "Measures this host and writes a machine file for it")
        {
            _samples, _out, _json,
        };
        calibrate.SetAction(Calibrate);
        var list = new Command("list", "Lists the machines that come with the tool");
        list.SetAction(_ => List());
        var show = new Command("show", "Shows a machine, and where each number comes from") { _machine };
        show.SetAction(Show);
        return new Command("machine", "Lists, shows and measures machines for the simulator") { calibrate, list, show };
    }

    private int Calibrate(ParseResult parsed)
    {
        HostMachine.Refuse();
        using Session session = Session.Open(
            parsed.GetValue(_json), parsed.GetValue(_out)!, CommandTree.Arguments(parsed), seed: 1, planned: 1);
        HostMachine host = session.Output.Track(
            "calibrate", progress => HostMachine.Measure(catalog, parsed.GetValue(_samples), progress));
        string file = Path.Combine(session.Folder.Location, HostMachine.Name + MachineLibrary.Extension);
        AtomicFile.WriteAllText(file, host.Text);
        session.Recorder.Add(HostMachineItem.Of(host, CommandTree.Arguments(parsed)));
        CalibrationReport.Write(session.Output, host);
        session.Output.Line();
        session.Output.Line($"machine    {file}");
        session.Output.Line(
            $"Use it:    {Reproduction.Run($"simulate vma/anon-fault --cpus 1,{host.Model().Cpus} --machine {file}")}");
        return session.Finish(ExitCode.AsExpected);
    }

    private static int List()
    {
        var output = new Output(isJson: false);
        var table = new TextTable("machine", ">CPUs", "what");
        foreach (MachineModel machine in MachineLibrary.Names.Select(MachineLibrary.Load))
        {
            table.Add(machine.Name, Figures.Count(machine.Cpus), machine.Title);
        }

        table.Lines().ToList().ForEach(output.Line);
        return ExitCode.AsExpected;
    }

    private int Show(ParseResult parsed)
    {
        MachineModel machine = Load(parsed.GetValue(_machine)!);
        var output = new Output(isJson: false);
        output.Line($"{machine.Name}: {machine.Title}; {Figures.Count(machine.Cpus, "CPU")}, {machine.Protocol}");
        var table = new TextTable("field", "source");
        foreach ((string field, string source) in machine.Sources)
        {
            table.Add(field, source);
        }

        output.Write(table);
        return ExitCode.AsExpected;
    }

    /// <summary>A machine by its name or its file.</summary>
    /// <exception cref="UsageException">There is none, or the file is wrong.</exception>
    public static MachineModel Load(string name)
    {
        try
        {
            return MachineLibrary.Load(name);
        }
        catch (MachineFileException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
