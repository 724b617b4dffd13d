using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>The smallest lock there is: a word that is 1 while it is held.</summary>
public readonly partial struct TestLock(nint at, LockClass lockClass) : IHandle
{
    public static int Bytes => 8;

    public nint Address => at;

    public AtomicU32 Word => new(at);

    public void Acquire<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.AddWhenClear(Word, 1u, 1u);
        cpu.LockAcquired(at, lockClass, 0, LockMode.Exclusive);
    }

    public void Release<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.LockReleased(at);
        cpu.StoreRelease(Word, 0u);
    }
}
