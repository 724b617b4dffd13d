#pragma warning disable CS1591
using System;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>Queued spin lock.</summary>
public readonly partial struct QueuedSpinLock(nint at, LockClass lockClass) : IHandle
{
    public static int Bytes => 4;
    public nint Address => at;
    public AtomicU32 Value => new(at);
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void Acquire<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu => throw new NotImplementedException(lockClass.Name);
    public bool TryAcquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void AcquireIrq<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void ReleaseIrq<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public bool IsLocked<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
}
