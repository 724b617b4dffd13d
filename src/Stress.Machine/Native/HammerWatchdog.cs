using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;

namespace Stress.Machine.Native;

/// <summary>Notices that a hammer run makes no progress, and says what it was doing.</summary>
internal sealed class HammerWatchdog(
    NativeMachine machine,
    HammerThread[] threads,
    HammerControl control,
    TimeSpan patience)
{
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private long _progress;

    /// <summary>What each task did when the run hung; null when it did not.</summary>
    public string? Report { get; private set; }

    /// <summary>Forgets the time that has passed.</summary>
    public void Restart() => _sinceProgress.Restart();

    /// <summary>Whether no operation and no thread has ended for the time of its patience; then the run has failed.
    /// </summary>
    public bool HasHung()
    {
        long progress = threads.Sum(static thread => thread.Operations) + control.Ended;
        if (progress != _progress)
        {
            _progress = progress;
            _sinceProgress.Restart();
        }

        return Barks(_sinceProgress, $"no operation was finished within {Patience}");
    }

    /// <summary>Whether a part of the scenario that runs alone has taken too long; then the run has failed.</summary>
    public bool HasHung(string phase, Stopwatch running) => Barks(running, $"{phase} did not end within {Patience}");

    private string Patience => string.Create(CultureInfo.InvariantCulture, $"{patience.TotalSeconds:0.###} s");

    private bool Barks(Stopwatch since, string text)
    {
        if (since.Elapsed < patience || machine.Run.IsStopping)
        {
            return false;
        }

        Report = HangReport.Of(machine, threads);
        machine.Run.Report(new HammerFinding(FindingKind.Hang, text, "", ""));
        return true;
    }
}
