using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Stress.Reporting;

namespace Stress.Running;

/// <summary>The clone that the tool was built in, as it is now.</summary>
internal static class WorkingTree
{
    /// <summary>Name of the file in a run's folder.</summary>
    public const string DiffName = "local.diff";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>How its tracked files differ from the commit that is checked out; empty when they do not, or when there
    /// is no clone, or no git to ask.</summary>
    public static string Diff()
    {
        if (Reproduction.Repository is not { } repository)
        {
            return "";
        }

        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", ["-C", repository, "diff", "HEAD"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> errors = git.StandardError.ReadToEndAsync();
            Task<string> diff = git.StandardOutput.ReadToEndAsync();
            return Task.WaitAll([diff, errors], s_patience) && git.WaitForExit(s_patience) && git.ExitCode == 0
                ? diff.Result : "";
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
