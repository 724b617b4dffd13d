using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Exploration.Coyote;

namespace Stress.Reporting;

/// <summary>Command lines that do something again, as they are pasted into a shell.</summary>
internal static class Reproduction
{
    private static readonly string? s_repository = FindRepository();

    /// <summary>How the tool is started: from the root of the clone that it was built in; anywhere else it is on the
    /// path.</summary>
    public static string Tool { get; } =
        s_repository is null ? "stress"
            : CoyoteSupport.Engine is null ? "dotnet run -c Release --project stress --"
            : "dotnet run -c Release --project stress -p:WithCoyote=true --";

    /// <summary>The clone that the tool was built in; null anywhere else.</summary>
    public static string? Repository => s_repository;

    /// <summary>The assemblies that scenarios were taken from besides the tool's own: every command line names them.
    /// </summary>
    public static IReadOnlyList<string> Assemblies { get; set; } = [];

    /// <summary>Replays a trace.</summary>
    public static string Replay(string trace) => Run($"replay {Quote(FromRepository(trace))}");

    /// <summary>Runs the tool with arguments.</summary>
    public static string Run(string arguments)
        => $"{Tool} {arguments}{string.Concat(Assemblies.Select(path => $" --assembly {Quote(FromRepository(path))}"))}";

    private static string FromRepository(string path)
    {
        string full = Path.GetFullPath(path);
        if (s_repository is null)
        {
            return full;
        }

        string relative = Path.GetRelativePath(s_repository, full);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? full : relative;
    }

    private static string Quote(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    private static string? FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Stress.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
