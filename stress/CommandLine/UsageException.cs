using System;

namespace Stress.CommandLine;

/// <summary>What the user gave cannot be used. The message is one line: what, where, and how to put it right.</summary>
internal sealed class UsageException(string message) : Exception(message);
