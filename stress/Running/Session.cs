using System;
using System.Collections.Generic;
using System.IO;
using Stress.CommandLine;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Running;

/// <summary>One run of a command that leaves results: its output, its folder, its interruption.</summary>
internal sealed class Session : IDisposable
{
    private readonly FileStream? _lock;

    private Session(Output output, RunRecorder recorder)
    {
        Output = output;
        Recorder = recorder;
        _lock = recorder.Folder?.TryLock();
    }

    public Output Output { get; }

    public RunRecorder Recorder { get; }

    /// <summary>The run's folder. Not for a session without one.</summary>
    public RunFolder Folder => Recorder.Folder!;

    public Interrupt Interrupt { get; } = new();

    /// <summary>Makes the run's folder, before anything is run.</summary>
    /// <param name="isJson">Whether standard output is for one JSON document.</param>
    /// <param name="parent">Where runs go; null for a run that leaves nothing.</param>
    /// <param name="commandLine">The tool's arguments.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="planned">How many items there will be.</param>
    /// <param name="files">More files of the folder, by name; null for none.</param>
    /// <exception cref="UsageException">The folder cannot be made.</exception>
    public static Session Open(
        bool isJson,
        string? parent,
        IReadOnlyList<string> commandLine,
        ulong seed,
        int planned,
        IReadOnlyDictionary<string, string>? files = null)
    {
        var summary = RunSummary.Begin(DateTimeOffset.UtcNow, commandLine, seed, planned);
        try
        {
            return new Session(new Output(isJson), RunRecorder.Begin(parent, summary, files));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(
                $"--out: cannot make a run's folder in '{parent}': {e.Message.TrimEnd('.')}; name a folder that can be "
                + "written to, with room in it");
        }
    }

    /// <summary>Goes on with a run that was ended early.</summary>
    /// <exception cref="UsageException">Another process is at it.</exception>
    public static Session Resume(bool isJson, RunRecorder recorder)
    {
        var session = new Session(new Output(isJson), recorder);
        if (session._lock is null)
        {
            session.Dispose();
            throw new UsageException(
                $"--resume: {recorder.Folder!.Name} is still running, or its folder cannot be written to");
        }

        return session;
    }

    /// <summary>Writes the end of the run.</summary>
    /// <returns>The exit code.</returns>
    public int Finish(int exitCode)
    {
        string state = exitCode switch
        {
            ExitCode.Interrupted => RunStates.Interrupted,
            ExitCode.Incomplete => RunStates.Failed,
            _ => RunStates.Finished,
        };
        Recorder.Finish(state, exitCode);
        if (Output.IsJson)
        {
            Output.WriteJson(ResultsJson.Write(Recorder.Summary));
        }

        return exitCode;
    }

    public void Dispose()
    {
        _lock?.Dispose();
        Interrupt.Dispose();
    }
}
