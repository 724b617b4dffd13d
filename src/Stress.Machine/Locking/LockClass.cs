using System;
using System.Threading;

namespace Stress.Machine;

/// <summary>What locks initialised at one place have in common: a name in reports and a node in the lock order.</summary>
/// <remarks>Make one per place, as a static readonly field. Source: Documentation/locking/lockdep-design, classes.</remarks>
public sealed class LockClass
{
    private static int s_count;

    /// <summary>Names a class.</summary>
    /// <param name="name">As the kernel shows it, such as <c>mmap_lock</c>.</param>
    public LockClass(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Index = Interlocked.Increment(ref s_count) - 1;
    }

    /// <summary>As the kernel shows it.</summary>
    public string Name { get; }

    /// <summary>Position in the tables of a machine; of no other meaning, and not stable between processes.</summary>
    public int Index { get; }
}

/// <summary>How a lock is held.</summary>
public enum LockMode
{
    /// <summary>By one task alone.</summary>
    Exclusive,

    /// <summary>Together with other readers.</summary>
    Shared,
}
