using Stress.Machine;

namespace Stress.Scenarios.ListLru;

/// <summary>The lock classes that only the scenarios have.</summary>
public static class LruLocks
{
    /// <summary>Whoever makes and removes groups, such as a container manager: outermost.</summary>
    public static readonly LockClass Admin = new("container_manager");
}
