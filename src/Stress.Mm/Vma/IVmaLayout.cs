using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>Where the lock of a VMA lives: the part of <c>struct vm_area_struct</c> in which the layouts differ.</summary>
/// <typeparam name="TSelf">The layout itself: a handle of the VMA that lists its own fields only.</typeparam>
public interface IVmaLayout<TSelf> : IHandle
    where TSelf : struct, IVmaLayout<TSelf>
{
    /// <summary>The layout's fields of the VMA at an address.</summary>
    static abstract TSelf At(nint at);


    /// <summary>Whether the lock is a part of the VMA, and not an object that the VMA points to.</summary>
    static abstract bool IsLockEmbedded { get; }

    /// <summary>Offset of the embedded lock, or of the pointer to the separate one, in bytes.</summary>
    static abstract int LockOffset { get; }

    /// <summary>The cache that VMAs of this layout come from.</summary>
    static abstract SlabCache Cache { get; }
}
