#pragma warning disable CS1591
using System;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>struct mutex.</summary>
public readonly partial struct Mutex(nint at, LockClass lockClass) : IHandle
{
    public static int Bytes => 32;
    public nint Address => at;
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void Acquire<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu => throw new NotImplementedException(lockClass.Name);
    public bool TryAcquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
}
