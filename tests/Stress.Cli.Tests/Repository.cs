using System;
using System.IO;

namespace Stress.Cli.Tests;

/// <summary>Places in the clone that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration that the tests were built in, such as <c>Release</c>.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The collection of tests that build something: one after the other.</summary>
    public const string Builds = "builds";

    /// <summary>The sample of somebody's own scenarios.</summary>
    public static string OwnLocks { get; } =
        PathOf("samples", "OwnLocks", "bin", Configuration, "net10.0", "OwnLocks.dll");

    /// <summary>The sample of somebody's own layouts.</summary>
    public static string OwnLayouts { get; } =
        PathOf("samples", "OwnLayouts", "bin", Configuration, "net10.0", "OwnLayouts.dll");

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Stress.sln")))
        {
            folder = folder.Parent
                ?? throw new DirectoryNotFoundException("the tests do not run in the clone that they were built in");
        }

        return folder.FullName;
    }
}
