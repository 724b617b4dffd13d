using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Stress.Cli.Tests;

/// <summary>The built command, as a process of its own.</summary>
internal static class StressProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static Ended Run(params string[] args) => RunIn(Path.GetTempPath(), args);

    public static Ended RunIn(string folder, params string[] args)
    {
        using Process process = Start(folder, args);
        return WaitFor(process);
    }

    public static Ended RunWith(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        using Process process = Start(Path.GetTempPath(), environment, args);
        return WaitFor(process);
    }

    public static Process Start(string folder, params string[] args)
        => Start(folder, new Dictionary<string, string>(), args);

    private static Process Start(string folder, IReadOnlyDictionary<string, string> environment, string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        string command = Path.Combine(AppContext.BaseDirectory, "stress.dll");
        foreach (string arg in (IEnumerable<string>)[command, .. args])
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start)!;
    }

    /// <summary>Sends what Ctrl-C does.</summary>
    public static void Interrupt(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public static Ended WaitFor(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"stress did not end within {s_patience}");
        }

        return new Ended(process.ExitCode, output.Result, errors.Result);
    }
}

/// <summary>A process that has ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors)
{
    public string[] ErrorLines => [.. Errors.Split('\n').Where(line => line.Trim().Length > 0)];
}
