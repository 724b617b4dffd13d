using System;
using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>A test with a small disk of its own, mounted where only it can see it. Where the system does not let it, it is
/// skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FullDiskFactAttribute : FactAttribute
{
    /// <summary>What gives a command mounts of its own.</summary>
    public const string Unshare = "unshare";

    private static readonly bool s_canMount = CanMount();

    public FullDiskFactAttribute()
    {
        if (!s_canMount)
        {
            Skip = "This system does not let the test mount a disk of its own (unshare -rm, mount -t tmpfs).";
        }
    }

    private static bool CanMount()
    {
        try
        {
            string[] arguments = ["-rm", "bash", "-c", "mount -t tmpfs -o size=64k tmpfs /tmp"];
            using Process process = Process.Start(
                new ProcessStartInfo(Unshare, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
