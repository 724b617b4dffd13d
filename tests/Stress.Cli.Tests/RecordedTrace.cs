using System;
using System.IO;
using System.Linq;
using Stress.Exploration;
using Stress.Results;

namespace Stress.Cli.Tests;

/// <summary>One exploration that finds a bug, for all tests that need its trace.</summary>
public sealed class RecordedTrace : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RecordedTrace()
    {
        Explored = StressProcess.RunIn(
            _folder.Location, "explore", "hugetlb/region-add", "--variant", "v7", "--seed", "5");
        RunFolder = Directory.GetDirectories(Path.Combine(_folder.Location, "results"), "20*").Single();
        Summary = ResultsJson.Read(File.ReadAllText(Path.Combine(RunFolder, "summary.json")));
        Trace = Path.Combine(RunFolder, Summary.Items.Single().Finding!.Trace!);
    }

    internal Ended Explored { get; }

    internal string RunFolder { get; }

    internal RunSummary Summary { get; }

    internal string Trace { get; }

    internal string Text => File.ReadAllText(Trace);

    internal string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>Writes a trace that says something else, and says so of itself: as another program would have.</summary>
    internal string Write(string name, Func<Trace, Trace> change)
    {
        string path = _folder.Write(name, "");
        File.WriteAllText(path, change(global::Stress.Exploration.Trace.Load(Trace)).Sealed().ToJson());
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
