using System;
using System.IO;
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

    /// <summary>Replays a trace.</summary>
    public static string Replay(string trace) => $"{Tool} replay {Quote(FromRepository(trace))}";

    /// <summary>Runs the tool with arguments.</summary>
    public static string Run(string arguments) => $"{Tool} {arguments}";

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
