namespace Stress.Machine;

/// <summary>A lock that a task holds or wants.</summary>
/// <param name="At">Its address.</param>
/// <param name="Class">Its class; null for no lock.</param>
/// <param name="Subclass">0 to 7.</param>
/// <param name="Mode">How it is held or wanted.</param>
public readonly record struct HeldLock(nint At, LockClass? Class, int Subclass, LockMode Mode)
{
    /// <inheritdoc/>
    public override string ToString()
        => Class is null ? "nothing" : new LockUse(Class.Name, Subclass, Mode).ToString();
}
