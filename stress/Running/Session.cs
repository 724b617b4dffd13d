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
    private Session(Output output, RunRecorder recorder)
    {
        Output = output;
        Recorder = recorder;
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
    /// <exception cref="UsageException">The folder cannot be made.</exception>
    public static Session Open(bool isJson, string? parent, IReadOnlyList<string> commandLine, ulong seed, int planned)
    {
        DateTimeOffset started = DateTimeOffset.UtcNow;
        try
        {
            RunFolder? folder = parent is null ? null : RunFolder.Create(parent, started);
            return new Session(new Output(isJson), new RunRecorder(folder, started, commandLine, seed, planned));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--out: cannot make a run's folder in '{parent}': {e.Message.TrimEnd('.')}");
        }
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

    public void Dispose() => Interrupt.Dispose();
}
