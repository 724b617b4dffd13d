using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Stress.Running;

/// <summary>Turns the first Ctrl-C, or request to terminate, into a cancellation. The second ends the process.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupted;
    private readonly PosixSignalRegistration _terminated;

    public Interrupt()
    {
        _interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public CancellationToken Token => _source.Token;

    public bool IsRequested => _source.IsCancellationRequested;

    public void Dispose()
    {
        _interrupted.Dispose();
        _terminated.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (!_source.IsCancellationRequested)
        {
            context.Cancel = true;
            Console.Error.WriteLine("stress: interrupted: writing what was found (once more to end at once)");
            _source.Cancel();
        }
    }
}
