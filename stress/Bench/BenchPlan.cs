using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.CommandLine;
using Stress.Machine.Native;
using Stress.Mm.Vma;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Bench;

/// <summary>What <c>stress bench</c> is to time, and how.</summary>
internal sealed record BenchPlan
{
    /// <summary>Patterns of full names of benchmarks.</summary>
    public required IReadOnlyList<string> Filters { get; init; }

    /// <summary>Numbers of threads.</summary>
    public required IReadOnlyList<int> Threads { get; init; }

    /// <summary>Names of layouts; the first is what others are compared with.</summary>
    public required IReadOnlyList<string> Layouts { get; init; }

    /// <summary>Passes that count.</summary>
    public required int Passes { get; init; }

    /// <summary>Iterations of a benchmark in a pass.</summary>
    public required int Iterations { get; init; }

    /// <summary>Length of an iteration, in milliseconds.</summary>
    public required double IterationMilliseconds { get; init; }

    /// <summary>Arguments for BenchmarkDotNet, as they are.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>All layouts and locks, on up to all CPUs: minutes.</summary>
    public static BenchPlan Full { get; } = new()
    {
        Filters = ["*.Layouts.*", "*.Locks.*"],
        Threads = UpTo(HostAffinity.ProcessCpus().Count),
        Layouts = [.. VmaLayouts.All.Select(static layout => layout.Name)],
        Passes = 8,
        Iterations = 12,
        IterationMilliseconds = 20,
    };

    /// <summary>The fault path and the lock of a VMA: about a minute on two CPUs.</summary>
    public static BenchPlan Quick { get; } = Full with
    {
        Filters = ["*.Layouts.FaultPath.*", "*.Layouts.VmaReadLock.*"],
        Passes = 6,
        Iterations = 6,
        IterationMilliseconds = 5,
    };

    /// <summary>What the measuring process is told.</summary>
    /// <param name="folder">Where it leaves its files.</param>
    public BenchmarkSettings Settings(string folder) => new()
    {
        Folder = folder,
        Passes = Passes,
        Iterations = Iterations,
        IterationMilliseconds = IterationMilliseconds,
        Threads = Threads,
        Layouts = Layouts,
        Assemblies = [.. Reproduction.Assemblies.Select(Path.GetFullPath)],
    };

    /// <summary>Reads numbers of threads.</summary>
    /// <exception cref="FormatException">One is none, or there are not so many CPUs.</exception>
    public static IReadOnlyList<int> ReadThreads(string text)
    {
        int cpus = HostAffinity.ProcessCpus().Count;
        int[] threads = [.. text.Split(',').Select(static word => ValueReader.WholeInt(word, 1, 1024)).Distinct()];
        int tooMany = threads.FirstOrDefault(count => count > cpus);
        return tooMany == 0
            ? threads
            : throw new FormatException(
                $"{tooMany} threads need a CPU each, and this process may use {cpus}; give at most {cpus}");
    }

    /// <summary>A pattern of full names from what somebody typed: a bare word stands for all names that contain it.
    /// </summary>
    public static string Pattern(string typed)
        => typed.Contains('*', StringComparison.Ordinal) || typed.Contains('?', StringComparison.Ordinal)
            ? typed
            : $"*{typed}*";

    private static IReadOnlyList<int> UpTo(int cpus)
        => [.. Enumerable.Range(0, 11).Select(static power => 1 << power).Where(n => n < cpus).Append(cpus)];
}
