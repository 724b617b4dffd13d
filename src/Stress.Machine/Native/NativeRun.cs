using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>What went wrong in a native run.</summary>
/// <param name="Kind">What kind of wrong.</param>
/// <param name="Text">The failed condition, or what was found.</param>
/// <param name="TaskName">The task that found it; empty when none did.</param>
/// <param name="Operation">The operation that the task was in, with its arguments; empty when unknown.</param>
public sealed record HammerFinding(FindingKind Kind, string Text, string TaskName, string Operation)
{
    /// <summary>Of <see cref="FindingKind.LockOrder"/>: who takes which locks in which order.</summary>
    public LockOrderInversion? Inversion { get; init; }

    /// <inheritdoc/>
    public override string ToString()
        => $"{Kind.Name()}: {Text}"
            + (TaskName.Length == 0 ? "" : $" [{TaskName}]")
            + (Operation.Length == 0 ? "" : $" in {Operation}");
}

/// <summary>What the tasks of one native run share besides memory: whether it has to end.</summary>
public sealed class NativeRun
{
    private HammerFinding? _finding;
    private bool _stopping;
    private bool _workersMayEnd;

    /// <summary>Wakes the tasks that sleep, so that they see that the run has ended.</summary>
    internal Action? WakeSleepers { get; set; }

    /// <summary>Is called by whoever reports the first thing that went wrong, before anybody is told to stop.</summary>
    internal Action? Noticed { get; set; }

    /// <summary>The first thing that went wrong, or null.</summary>
    public HammerFinding? Finding => Volatile.Read(ref _finding);

    /// <summary>Whether waiting tasks must give up: the run has failed or was ended.</summary>
    public bool IsStopping => Volatile.Read(ref _stopping);

    /// <summary>Whether the tasks that workers serve have ended.</summary>
    public bool WorkersMayEnd => Volatile.Read(ref _workersMayEnd);

    /// <summary>Ends the run as failed; the first finding is kept.</summary>
    public void Report(HammerFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (Interlocked.CompareExchange(ref _finding, finding, null) is null)
        {
            Noticed?.Invoke();
        }

        Stop();
    }

    /// <summary>Makes every waiting task give up by <see cref="RunFailedException"/>.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopping, true);
        WakeSleepers?.Invoke();
    }

    /// <summary>Lets <see cref="ICpu.WaitForWork{T}"/> answer that nothing is left.</summary>
    public void EndWorkers() => Volatile.Write(ref _workersMayEnd, true);

    /// <summary>Ends the calling task when the run is to end.</summary>
    /// <exception cref="RunFailedException">It is.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ThrowIfStopping()
    {
        if (IsStopping)
        {
            ThrowStopped();
        }
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowStopped()
        => throw (Finding is { } finding
            ? new RunFailedException(finding.Kind, finding.Text)
            : new RunFailedException("The run was ended."));
}
