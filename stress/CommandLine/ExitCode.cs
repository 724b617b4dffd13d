namespace Stress.CommandLine;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int AsExpected = 0;

    public const int Violation = 1;

    /// <summary>Bad usage or bad input.</summary>
    public const int Usage = 2;

    /// <summary>The run could not be completed.</summary>
    public const int Incomplete = 3;

    public const int Interrupted = 130;

    public const string Legend =
        "0 as expected, 1 a violation, 2 bad usage or input, 3 not completed, 130 interrupted";
}
