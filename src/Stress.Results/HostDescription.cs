using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Stress.Results;

/// <summary>The computer and the runtime of a run.</summary>
/// <param name="OperatingSystem">Name and version of the operating system.</param>
/// <param name="Architecture">Of the process, such as <c>X64</c>.</param>
/// <param name="Processors">Logical processors that the process may use.</param>
/// <param name="Runtime">Name and version of the runtime.</param>
public sealed record HostDescription(string OperatingSystem, string Architecture, int Processors, string Runtime)
{
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>Model of the processor; empty where it is not known.</summary>
    public string Processor { get; init; } = "";

    /// <summary>A name for computers on which times can be compared: architecture, processors and their model, in lower
    /// case with hyphens.</summary>
    [JsonIgnore]
    public string Sort
    {
        get
        {
            string all = $"{Architecture} {Processors} {Processor}".ToLowerInvariant();
            string[] words = new string([.. all.Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')])
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return string.Join('-', words);
        }
    }

    /// <summary>This computer.</summary>
    public static HostDescription Current { get; } = new(
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription)
    {
        Processor = ReadProcessor(),
    };

    private static string ReadProcessor()
    {
        try
        {
            string? line = File.Exists(ProcessorFile)
                ? File.ReadLines(ProcessorFile).FirstOrDefault(
                    text => text.StartsWith("model name", StringComparison.Ordinal))
                : null;
            return line is null ? "" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
