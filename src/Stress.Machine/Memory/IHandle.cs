namespace Stress.Machine;

/// <summary>Names a stretch of shared memory: a cell, or a kernel struct made of them. Owns nothing.</summary>
/// <remarks>
/// A kernel struct is a <c>readonly partial struct</c> around an address whose members are one line each, with their
/// offset: the listing of the struct is its layout.
/// </remarks>
public interface IHandle
{
    /// <summary>Size of what it names, in bytes.</summary>
    static abstract int Bytes { get; }

    /// <summary>First byte of what it names.</summary>
    nint Address { get; }
}
