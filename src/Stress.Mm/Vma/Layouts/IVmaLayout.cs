using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>Where the lock and the fields of a VMA lie: what is to be tried out about <c>struct vm_area_struct</c>.
/// </summary>
/// <remarks>
/// To try another placement, write another struct: a handle with a constructor that takes the address, whose properties
/// are the fields that the layout adds, <see cref="VmaLayoutAttribute"/> for its name, and the members below. All of them
/// are constants, so that natively nothing of them is left.
/// </remarks>
/// <typeparam name="TSelf">The layout itself.</typeparam>
public interface IVmaLayout<TSelf> : IHandle
    where TSelf : struct, IVmaLayout<TSelf>
{
    /// <summary>The layout's fields of the VMA at an address.</summary>
    static abstract TSelf At(nint at);

    /// <summary>Whether the lock is a part of the VMA, and not an object that the VMA points to.</summary>
    static abstract bool IsLockEmbedded { get; }

    /// <summary>Offset of the embedded lock, or of the pointer to the separate one, in bytes.</summary>
    static abstract int LockOffset { get; }

    /// <summary>The cache that VMAs of this layout come from: of <see cref="VmAreaStruct{TLayout}"/>, zeroed.</summary>
    static abstract SlabCache Cache { get; }

    /// <summary>The cache that separate locks come from.</summary>
    static virtual SlabCache LockCache => VmaLock.Cache;

    /// <summary>Whether the lock is a reference count of 4 bytes, as in v6.15, and not a rwsem. It is embedded then.
    /// </summary>
    static virtual bool IsReferenceCount => false;

    /// <summary>Where a field is, in bytes; negative where the layout has none.</summary>
    static virtual int OffsetOf(VmaField field) => (int)field;
}
