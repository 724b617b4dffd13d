using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Stress.Results;

/// <summary>Keeps a run's summary, in memory and on disk, up to date with every item.</summary>
public sealed class RunRecorder
{
    private readonly List<RunItem> _items = [];
    private readonly List<LockOrderItem> _lockOrder = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Begins: the summary is on disk when this returns, unless there is no folder.</summary>
    /// <param name="folder">Where it goes; null to keep it in memory.</param>
    /// <param name="started">When the run began.</param>
    /// <param name="commandLine">The tool's arguments.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="planned">How many items there will be.</param>
    public RunRecorder(
        RunFolder? folder, DateTimeOffset started, IReadOnlyList<string> commandLine, ulong seed, int planned)
    {
        Folder = folder;
        Summary = new RunSummary
        {
            Run = folder?.Name,
            Folder = folder?.Location,
            Tool = $"stress {ToolVersion.Current.Version}",
            Commit = ToolVersion.Current.Commit,
            CommandLine = commandLine,
            Host = HostDescription.Current,
            Seed = seed,
            Started = started,
            Planned = planned,
        };
        Folder?.Write(Summary);
    }

    /// <summary>The run's folder, if it has one.</summary>
    public RunFolder? Folder { get; }

    /// <summary>What is known now.</summary>
    public RunSummary Summary { get; private set; }

    /// <summary>Adds an item; it is on disk when this returns.</summary>
    public void Add(RunItem item)
    {
        _items.Add(item);
        Save(Summary with { Items = [.. _items] });
    }

    /// <summary>Adds the order of locks of an item; it is on disk when this returns.</summary>
    /// <returns>What the item says of it; null when nothing was seen.</returns>
    public LockOrderFigures? Add(LockOrderItem item)
    {
        if (item.Facts.Count == 0)
        {
            return null;
        }

        _lockOrder.Add(item);
        Folder?.Write(new LockOrderFile { Items = [.. _lockOrder] });
        return item.Figures;
    }

    /// <summary>Ends the run.</summary>
    /// <param name="state">One of <see cref="RunStates"/>.</param>
    /// <param name="exitCode">What the process will end with.</param>
    public void Finish(string state, int exitCode) => Save(Summary with { State = state, ExitCode = exitCode });

    private void Save(RunSummary summary)
    {
        Summary = summary with { ElapsedSeconds = Math.Round(_clock.Elapsed.TotalSeconds, 3) };
        Folder?.Write(Summary);
    }
}
