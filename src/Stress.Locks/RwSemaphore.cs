#pragma warning disable CS1591
using System;
using Stress.Machine;

namespace Stress.Locks;

/// <summary>rw_semaphore.</summary>
public readonly partial struct RwSemaphore(nint at, LockClass lockClass) : IHandle
{
    public static int Bytes => 40;
    public nint Address => at;
    public AtomicU64 Count => new(at);
    public AtomicPtr Owner => new(at + 8);
    public void Initialize<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void DownRead<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu => throw new NotImplementedException(lockClass.Name);
    public bool DownReadTrylock<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void UpRead<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void DownWrite<TCpu>(TCpu cpu, int subclass = 0) where TCpu : struct, ICpu => throw new NotImplementedException();
    public bool DownWriteTrylock<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void UpWrite<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public void DowngradeWrite<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
    public bool IsLocked<TCpu>(TCpu cpu) where TCpu : struct, ICpu => throw new NotImplementedException();
}
