namespace Stress.Mm.PageMetadata;

/// <summary>Where the memory map lies.</summary>
public interface IMemoryModel
{
    /// <summary>Whether all maps form one array of virtual addresses, and so can be mapped page by page.</summary>
    static virtual bool IsVmemmap => false;

    /// <summary>Whether there is one map for each node, from boot on.</summary>
    static virtual bool IsFlat => false;
}

/// <summary>One map and one table of page_ext for each node, from memblock (<c>CONFIG_FLATMEM</c>).</summary>
public readonly struct FlatMem : IMemoryModel
{
    /// <inheritdoc/>
    public static bool IsFlat => true;
}

/// <summary>One map for each section (<c>CONFIG_SPARSEMEM</c>).</summary>
public readonly struct SparseMem : IMemoryModel;

/// <summary>One map for each section, in one virtual array (<c>CONFIG_SPARSEMEM_VMEMMAP</c>).</summary>
public readonly struct SparseMemVmemmap : IMemoryModel
{
    /// <inheritdoc/>
    public static bool IsVmemmap => true;
}
