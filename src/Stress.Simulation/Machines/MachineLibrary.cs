using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Stress.Simulation;

/// <summary>The machines that come with the tool, and those of users.</summary>
public static class MachineLibrary
{
    private const string Prefix = "machines/";

    /// <summary>Ends the name of a file that describes a machine.</summary>
    public const string Extension = ".machine";

    /// <summary>Names of the machines that come with the tool, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal),
    ];

    /// <summary>A machine that comes with the tool, or that a file describes.</summary>
    /// <param name="name">Its name, or the path of the file.</param>
    /// <exception cref="MachineFileException">There is none, or the file is wrong.</exception>
    public static MachineModel Load(string name)
    {
        if (Names.Contains(name))
        {
            using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)!;
            using var reader = new StreamReader(stream);
            return MachineFile.Read(name, name + Extension, reader.ReadToEnd());
        }

        if (!File.Exists(name))
        {
            throw new MachineFileException(
                $"unknown machine '{name}': there is no such file; with the tool come: {string.Join(", ", Names)}");
        }

        try
        {
            return MachineFile.Read(Path.GetFileNameWithoutExtension(name), name, File.ReadAllText(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MachineFileException($"{name}: {e.Message}");
        }
    }

    /// <summary>A machine that a text describes.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="file">Where the text comes from, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="MachineFileException">The text is wrong.</exception>
    public static MachineModel Parse(string name, string file, string text) => MachineFile.Read(name, file, text);
}
