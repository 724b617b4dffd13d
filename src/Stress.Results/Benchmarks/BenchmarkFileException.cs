using System;

namespace Stress.Results;

/// <summary>A run cannot be compared with.</summary>
/// <param name="message">Which run or file, and why, in one line.</param>
public sealed class BenchmarkFileException(string message) : Exception(message);
