using System;
using System.Runtime.InteropServices;

namespace Stress.Results;

/// <summary>The computer and the runtime of a run.</summary>
/// <param name="OperatingSystem">Name and version of the operating system.</param>
/// <param name="Architecture">Of the process, such as <c>X64</c>.</param>
/// <param name="Processors">Logical processors that the process may use.</param>
/// <param name="Runtime">Name and version of the runtime.</param>
public sealed record HostDescription(string OperatingSystem, string Architecture, int Processors, string Runtime)
{
    /// <summary>This computer.</summary>
    public static HostDescription Current { get; } = new(
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription);
}
