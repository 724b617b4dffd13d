using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Cli.Tests.Layouts;

/// <summary>A layout of somebody else's: the lock behind the last field, on the line of the VMA's policy.</summary>
[VmaLayout("rear-lock", Summary = "The lock is embedded behind the last field.")]
public readonly struct RearLockLayout(nint at) : IVmaLayout<RearLockLayout>
{
    public static int Bytes => 216;

    public static bool IsLockEmbedded => true;

    public static int LockOffset => 176;

    public static SlabCache Cache { get; } = SlabCache.For<VmAreaStruct<RearLockLayout>>(
        "vm_area_struct", SlabOptions.Zeroed | SlabOptions.CacheLineAligned);

    public nint Address => at;

    public RwSemaphore VmLock => new(at + 176, VmaLockClasses.VmLock);

    public static RearLockLayout At(nint at) => new(at);
}
