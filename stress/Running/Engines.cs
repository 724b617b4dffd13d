using System.Linq;
using Stress.CommandLine;
using Stress.Exploration;
using Stress.Exploration.Coyote;

namespace Stress.Running;

/// <summary>Exploration engines by their names.</summary>
internal static class Engines
{
    /// <summary>The names, the default first.</summary>
    public static readonly string[] Names = [BuiltinEngine.EngineName, CoyoteSupport.EngineName];

    /// <summary>The strategies of all engines.</summary>
    public static readonly string[] Strategies = [.. ExploreOptions.Strategies.Union(CoyoteSupport.Strategies)];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="UsageException">This build does not have it; the message says how to get one that has.
    /// </exception>
    public static IExplorationEngine Named(string name)
        => Find(name) ?? throw new UsageException($"--engine: {Missing(name)}");

    /// <summary>The engine that made a trace.</summary>
    /// <exception cref="TraceException">This build does not have it.</exception>
    public static IExplorationEngine Of(Trace trace)
        => Find(trace.Engine) ?? throw new TraceException($"was recorded by another engine: {Missing(trace.Engine)}");

    /// <summary>Refuses options that the engine does not have.</summary>
    /// <exception cref="UsageException">It does not have one of them.</exception>
    public static void Require(this IExplorationEngine engine, ExploreOptions options)
    {
        if (!engine.Strategies.Contains(options.Strategy))
        {
            throw new UsageException(
                $"--strategy: '{options.Strategy}' is not available with engine {engine.Name}; available: "
                + string.Join(", ", engine.Strategies));
        }

        if (engine != BuiltinEngine.Instance && options.Memory != MemoryModel.Sc)
        {
            throw new UsageException(
                $"--memory: '{options.Memory.ToString().ToLowerInvariant()}' is not available with engine "
                + $"{engine.Name}; available: sc");
        }
    }

    private static IExplorationEngine? Find(string name)
        => name == BuiltinEngine.EngineName ? BuiltinEngine.Instance
            : name == CoyoteSupport.EngineName ? CoyoteSupport.Engine : null;

    private static string Missing(string name)
        => name == CoyoteSupport.EngineName
            ? $"'{name}' is not in this build; {CoyoteSupport.HowToEnable}"
            : $"'{name}' is not available; available: {string.Join(", ", Names)}";
}
