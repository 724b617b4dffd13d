using System.Runtime.CompilerServices;

namespace Stress.Machine;

/// <summary>A shared word that several CPUs may access at once, through an <see cref="ICpu"/> only.</summary>
/// <typeparam name="T">A primitive integer of 1, 2, 4 or 8 bytes, or <see cref="nint"/> for a pointer.</typeparam>
/// <param name="at">Address of its first byte; aligned to its size.</param>
public readonly struct Atomic<T>(nint at) : IHandle
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Bytes => Unsafe.SizeOf<T>();

    /// <inheritdoc/>
    public nint Address => at;
}

/// <summary>A shared word that must be protected by other means; unordered accesses to it are races.</summary>
/// <typeparam name="T">A primitive integer of 1, 2, 4 or 8 bytes, or <see cref="nint"/> for a pointer.</typeparam>
/// <param name="at">Address of its first byte; aligned to its size.</param>
public readonly struct Plain<T>(nint at) : IHandle
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Bytes => Unsafe.SizeOf<T>();

    /// <inheritdoc/>
    public nint Address => at;
}
