using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>Tests that run while no others do: they wait for the JIT to optimise, which busy threads keep from it.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
