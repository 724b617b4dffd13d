using Stress.Machine;

namespace Stress.Scenarios.Hugetlb;

/// <summary>The lock classes that only the scenarios have.</summary>
public static class HugetlbBlockLocks
{
    /// <summary><c>inode.i_rwsem</c>: outside of the fault mutex.</summary>
    public static readonly LockClass InodeRwsem = new("i_rwsem");
}
