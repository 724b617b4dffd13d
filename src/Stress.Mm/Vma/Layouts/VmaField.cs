namespace Stress.Mm.Vma;

/// <summary>The fields of a VMA that a layout may move; the value of each is its offset in v6.12, in bytes.</summary>
public enum VmaField
{
    /// <summary>Address range: <c>vm_start</c> and, 8 bytes behind it, <c>vm_end</c>; the RCU head lies over both.</summary>
    VmStart = 0,

    /// <summary><c>vm_mm</c>.</summary>
    VmMm = 16,

    /// <summary><c>vm_page_prot</c>.</summary>
    VmPageProt = 24,

    /// <summary><c>vm_flags</c>.</summary>
    VmFlags = 32,

    /// <summary><c>detached</c>, 1 byte.</summary>
    Detached = 40,

    /// <summary><c>vm_lock_seq</c>, 4 bytes.</summary>
    VmLockSeq = 44,

    /// <summary><c>shared</c>, 32 bytes.</summary>
    SharedRb = 56,

    /// <summary><c>anon_vma_chain</c>, 16 bytes.</summary>
    AnonVmaChain = 88,

    /// <summary><c>anon_vma</c>.</summary>
    AnonVma = 104,

    /// <summary><c>vm_ops</c>.</summary>
    VmOps = 112,

    /// <summary><c>vm_pgoff</c>.</summary>
    VmPgoff = 120,

    /// <summary><c>vm_file</c>.</summary>
    VmFile = 128,

    /// <summary><c>vm_private_data</c>.</summary>
    VmPrivateData = 136,

    /// <summary><c>swap_readahead_info</c>.</summary>
    SwapReadaheadInfo = 144,

    /// <summary><c>vm_policy</c>.</summary>
    VmPolicy = 152,

    /// <summary><c>numab_state</c>.</summary>
    NumabState = 160,

    /// <summary><c>vm_userfaultfd_ctx</c>.</summary>
    UserfaultfdCtx = 168,
}
