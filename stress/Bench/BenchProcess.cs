using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Stress.CommandLine;
using Stress.Reporting;

namespace Stress.Bench;

/// <summary>The project <c>benchmarks</c> of the clone that this tool was built in, as a process of its own: so that
/// nothing else runs beside what is timed, and BenchmarkDotNet is no part of the tool.</summary>
internal sealed class BenchProcess
{
    private const string Project = "benchmarks";
    private const string Configuration = "Release";
    private const string Assembly = "Stress.Benchmarks.dll";

    private readonly string _repository;

    private BenchProcess(string repository) => _repository = repository;

    private string AssemblyPath
        => Path.Combine(_repository, Project, "bin", Configuration, $"net{Environment.Version.Major}.0", Assembly);

    /// <summary>Builds the project, unless it was built before and is to be used as it is.</summary>
    /// <exception cref="UsageException">The tool does not run from a clone, or the project is not built.</exception>
    /// <exception cref="IOException">It cannot be built.</exception>
    public static BenchProcess Make(bool build)
    {
        var process = new BenchProcess(
            Reproduction.Repository
            ?? throw new UsageException(
                "bench: benchmarks are built from source; run it from a clone: "
                + "dotnet run -c Release --project stress -- bench"));
        if (build)
        {
            process.Build();
        }
        else if (!File.Exists(process.AssemblyPath))
        {
            throw new UsageException("--no-build: the benchmarks are not built yet; leave it out once");
        }

        return process;
    }

    /// <summary>Full names of the benchmarks that patterns select.</summary>
    public IReadOnlyList<string> List(IReadOnlyList<string> filters)
    {
        var lines = new List<string>();
        Run([AssemblyPath, "--list", "flat", "--filter", .. filters], lines.Add, CancellationToken.None);
        return [.. lines.Where(static line => line.StartsWith("Stress.Benchmarks.", StringComparison.Ordinal))];
    }

    /// <summary>Measures.</summary>
    /// <param name="settings">The file of settings.</param>
    /// <param name="arguments">Arguments for BenchmarkDotNet.</param>
    /// <param name="line">Sees each line of output.</param>
    /// <param name="cancel">Ends the process.</param>
    /// <returns>What the process ended with.</returns>
    public int Measure(
        string settings, IReadOnlyList<string> arguments, Action<string> line, CancellationToken cancel)
        => Run([AssemblyPath, "--stress-settings", settings, .. arguments], line, cancel);

    private void Build()
    {
        var lines = new List<string>();
        int ended = Run(
            ["build", Path.Combine(_repository, Project), "-c", Configuration, "-v", "quiet", "-nologo"],
            lines.Add,
            CancellationToken.None);
        if (ended != 0)
        {
            string error = lines.FirstOrDefault(static text => text.Contains("error", StringComparison.Ordinal))
                ?? $"dotnet build ended with {ended}";
            throw new IOException($"the benchmarks cannot be built: {error.Trim()}");
        }
    }

    private int Run(IReadOnlyList<string> arguments, Action<string> line, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Compiled once, with all optimisations: otherwise each benchmark is timed in the state that the background
        // compiler has come to, and two runs time different code.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        var gate = new Lock();
        using Process process = Process.Start(start) ?? throw new IOException("dotnet cannot be started");
        process.OutputDataReceived += (_, received) => Tell(received.Data);
        process.ErrorDataReceived += (_, received) => Tell(received.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (cancel.Register(() => process.Kill(entireProcessTree: true)))
        {
            process.WaitForExit();
        }

        return process.ExitCode;

        void Tell(string? text)
        {
            if (text is not null)
            {
                lock (gate)
                {
                    line(text);
                }
            }
        }
    }
}
