using System;
using System.IO;

namespace Stress.Cli.Tests;

/// <summary>A folder of its own for each test class, gone at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Location { get; } = Directory.CreateTempSubdirectory("stress-tests-").FullName;

    public string Write(string name, string text)
    {
        string path = Path.Combine(Location, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Location, recursive: true);
}
