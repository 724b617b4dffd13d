using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Stress.Results;

/// <summary>Keeps a run's summary, in memory and on disk, up to date with every item.</summary>
/// <remarks>The files are written as a whole, so what one write takes grows with the run. Items that nobody has been told of
/// may therefore wait for the next write, so that writing takes a twentieth of the time and not more: if the process is
/// killed before it, they run again.</remarks>
public sealed class RunRecorder
{
    private const int Twentieth = 20;

    private readonly List<RunItem> _items;
    private readonly List<LockOrderItem> _lockOrder;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly double _earlierSeconds;
    private TimeSpan _nextWrite;
    private bool _isLockOrderNew;

    private RunRecorder(RunFolder? folder, RunSummary summary, IReadOnlyList<LockOrderItem> lockOrder)
    {
        Folder = folder;
        Summary = summary;
        _items = [.. summary.Items];
        _lockOrder = [.. lockOrder];
        _earlierSeconds = summary.ElapsedSeconds;
    }

    /// <summary>The run's folder, if it has one.</summary>
    public RunFolder? Folder { get; }

    /// <summary>What is known now.</summary>
    public RunSummary Summary { get; private set; }

    /// <summary>Time that the run took so far, in seconds.</summary>
    public double ElapsedSeconds => Math.Round(_earlierSeconds + _clock.Elapsed.TotalSeconds, 3);

    /// <summary>The order of locks that is known now.</summary>
    public LockOrderFile LockOrder => new() { Items = [.. _lockOrder] };

    /// <summary>Begins a run: a folder with its summary is there when this returns, unless there is to be none.
    /// </summary>
    /// <param name="parent">Where runs go; null to keep the summary in memory.</param>
    /// <param name="summary">The summary, without a folder.</param>
    /// <param name="files">More files that the folder has from the moment that it is there, by name.</param>
    /// <exception cref="System.IO.IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public static RunRecorder Begin(
        string? parent, RunSummary summary, IReadOnlyDictionary<string, string>? files = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (parent is null)
        {
            return new RunRecorder(null, summary, []);
        }

        var folder = RunFolder.Create(parent, summary.Started, made => new Dictionary<string, string>(files ?? s_none)
        {
            [RunFolder.SummaryName] = ResultsJson.Write(In(made, summary)),
        });
        return new RunRecorder(folder, In(folder, summary), []);
    }

    /// <summary>Goes on with a run that was ended early.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="summary">What its summary tells of.</param>
    /// <param name="lockOrder">The order of locks that it has seen.</param>
    public static RunRecorder Resume(RunFolder folder, RunSummary summary, LockOrderFile lockOrder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(lockOrder);
        folder.Keep(summary.Items.SelectMany(item => item.Files));
        return new RunRecorder(folder, In(folder, summary) with { State = RunStates.Running, ExitCode = null },
            lockOrder.Items);
    }

    /// <summary>Adds an item; it is on disk when this returns, unless it may wait. It takes the place of an interrupted item
    /// with its key, unless that has found something and this was interrupted before it did.</summary>
    /// <param name="item">The item.</param>
    /// <param name="mayWait">Whether it may be written together with those that follow.</param>
    public void Add(RunItem item, bool mayWait = false)
    {
        ArgumentNullException.ThrowIfNull(item);
        int begun = item.Key is null ? -1 : _items.FindIndex(known => known.Key == item.Key && !known.HasEnded);
        if (begun >= 0 && item is { HasEnded: false, Finding: null })
        {
            return;
        }

        RunItem[] now = [.. _items.Where((_, at) => at != begun), item];
        if (mayWait && _clock.Elapsed < _nextWrite)
        {
            Summary = Summary with { Items = now, ElapsedSeconds = ElapsedSeconds };
        }
        else
        {
            Save(Summary with { Items = now });
        }

        // What is not on disk is not done: a run that goes on runs it again.
        _items.Clear();
        _items.AddRange(now);
    }

    /// <summary>Adds the order of locks of an item; it is on disk before the item is.</summary>
    /// <returns>What the item says of it; null when nothing was seen.</returns>
    public LockOrderFigures? Add(LockOrderItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Facts.Count == 0)
        {
            return null;
        }

        // What an item has shown that was not over when its run was ended, it shows again.
        if (!_lockOrder.Exists(known => known.IsSame(item)))
        {
            _lockOrder.Add(item);
            _isLockOrderNew = true;
        }

        return item.Figures;
    }

    /// <summary>Writes what a night came to.</summary>
    public void Judge(NightFigures night) => Save(Summary with { Night = night });

    /// <summary>Ends the run.</summary>
    /// <param name="state">One of <see cref="RunStates"/>.</param>
    /// <param name="exitCode">What the process will end with.</param>
    public void Finish(string state, int exitCode) => Save(Summary with { State = state, ExitCode = exitCode });

    private static readonly Dictionary<string, string> s_none = [];

    private static RunSummary In(RunFolder folder, RunSummary summary)
        => summary with { Run = folder.Name, Folder = folder.Location };

    private void Save(RunSummary summary)
    {
        RunSummary now = summary with { ElapsedSeconds = ElapsedSeconds };
        TimeSpan begun = _clock.Elapsed;
        if (_isLockOrderNew)
        {
            Folder?.Write(LockOrder);
            _isLockOrderNew = false;
        }

        Folder?.Write(now);
        Summary = now;
        TimeSpan ended = _clock.Elapsed;
        _nextWrite = ended + (Twentieth * (ended - begun));
    }
}
