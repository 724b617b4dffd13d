using System;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;

namespace Stress.Cli.Tests.Packages;

/// <summary>The <c>dotnet</c> command, as a user would call it.</summary>
internal static class DotnetProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    /// <summary>Runs it.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public static Ended Run(string folder, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", args)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A test runs inside of a build's environment, whose SDK and settings are not the user's.
        foreach (string name in start.Environment.Keys.Where(IsOfBuild).ToList())
        {
            start.Environment.Remove(name);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', args)} did not end within {s_patience}");
        }

        return new Ended(process.ExitCode, output.Result, errors.Result);
    }

    private static bool IsOfBuild(string name)
        => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);
}
