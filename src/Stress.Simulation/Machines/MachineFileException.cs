using System;

namespace Stress.Simulation;

/// <summary>A machine file is wrong.</summary>
/// <param name="message">File, line, field, and what is wrong, in one line.</param>
public sealed class MachineFileException(string message) : Exception(message);
