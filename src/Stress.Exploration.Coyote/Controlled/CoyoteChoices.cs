using System.Diagnostics;
using Microsoft.Coyote.Runtime;

namespace Stress.Exploration.Coyote;

/// <summary>Lets Coyote make the choices of one run; who goes on, its scheduler decides by itself.</summary>
internal sealed class CoyoteChoices(ICoyoteRuntime runtime) : IStrategy
{
    /// <inheritdoc/>
    public string Name => CoyoteSupport.EngineName;

    /// <inheritdoc/>
    public int NextTask(uint enabled, int current)
        => throw new UnreachableException("the tasks are scheduled by Coyote");

    /// <inheritdoc/>
    public int NextChoice(int count) => runtime.RandomInteger(count);

    /// <inheritdoc/>
    public bool NextEvent(int oneIn) => runtime.RandomInteger(oneIn) == 0;
}
