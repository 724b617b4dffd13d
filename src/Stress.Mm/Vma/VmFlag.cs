namespace Stress.Mm.Vma;

/// <summary>Bits of <c>vm_flags</c> that the model looks at, with the kernel's values.</summary>
public static class VmFlag
{
    /// <summary><c>VM_READ</c>.</summary>
    public const ulong Read = 0x1;

    /// <summary><c>VM_WRITE</c>.</summary>
    public const ulong Write = 0x2;

    /// <summary><c>VM_SHARED</c>.</summary>
    public const ulong Shared = 0x8;

    /// <summary><c>VM_UFFD_MISSING</c>.</summary>
    public const ulong UffdMissing = 0x200;

    /// <summary><c>VM_LOCKED</c>.</summary>
    public const ulong Locked = 0x2000;

    /// <summary><c>VM_SEQ_READ | VM_RAND_READ</c>: pages are not used again.</summary>
    public const ulong NoRecency = 0x18000;
}

/// <summary>Bits of <c>vm_fault_t</c>, with the kernel's values; 0 is success.</summary>
public static class VmFault
{
    /// <summary>No memory.</summary>
    public const uint Oom = 0x1;

    /// <summary>The VMA cannot be faulted in.</summary>
    public const uint Sigbus = 0x2;

    /// <summary>No VMA there, or one that forbids the access.</summary>
    public const uint Sigsegv = 0x40;

    /// <summary>The lock was dropped; take mmap_lock and fault again.</summary>
    public const uint Retry = 0x400;

    /// <summary>The lock was dropped; the fault is done.</summary>
    public const uint Completed = 0x4000;
}
