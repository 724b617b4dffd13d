using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using Stress.Machine.Native;

namespace Stress.Calibration;

/// <summary>Runs something on a thread of its own that is kept to a CPU, and is gone afterwards.</summary>
internal static class PinnedThread
{
    /// <exception cref="PlatformNotSupportedException">The thread cannot be kept there.</exception>
    public static T Run<T>(int cpu, Func<T> body)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = HostAffinity.PinTo(cpu) is { } reason
                    ? throw new PlatformNotSupportedException(reason)
                    : body();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }
}
