using System.Collections.Generic;

namespace Stress.Exploration.Coyote;

/// <summary>Whether this build has the engine that runs on Microsoft.Coyote.</summary>
public static class CoyoteSupport
{
    /// <summary>The engine's name on the command line and in traces.</summary>
    public const string EngineName = "coyote";

    /// <summary>How to get a build that has it, as the end of a sentence.</summary>
    public const string HowToEnable =
        "run it with 'dotnet run -c Release --project stress -p:WithCoyote=true -- ...'; see docs/coyote.md";

    /// <summary>The strategies of the engine, whether this build has it or not.</summary>
    public static IReadOnlyList<string> Strategies { get; } =
        ["portfolio", "random", "pct", "probabilistic", "qlearning", "delay-bounding"];

    /// <summary>The engine; null in a build without it.</summary>
#if WITH_COYOTE
    public static IExplorationEngine? Engine { get; } = new CoyoteEngine();
#else
    public static IExplorationEngine? Engine => null;
#endif
}
