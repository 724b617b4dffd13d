using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Numbers the places that steps touch and that are no memory; they come behind those that are.</summary>
/// <remarks>
/// <code>
/// 0 ..       a CPU that several tasks share: written by who disables or enables preemption, read by every step
/// Failures   the failures of allocations that are left
/// Caches ..  the free list of a cache that recycles its objects
/// Fences     the one order of all full fences: weak memory
/// Orders ..  the order of a task's accesses, into which others can put a fence: weak memory
/// </code>
/// </remarks>
internal static class Touches
{
    public const int Failures = 32;
    public const int Caches = Failures + 1;
    public const int CacheCount = 1024;
    public const int Fences = Caches + CacheCount;
    public const int Orders = Fences + 1;

    /// <summary>How many there are.</summary>
    public const int Beyond = Orders + 32;

    /// <summary>Whether a wait is over with a value.</summary>
    public static bool IsOver(AccessOp op, ulong value, ulong operand) => op switch
    {
        AccessOp.WaitWhile or AccessOp.WaitForWork => value != operand,
        AccessOp.Park => value != TaskStruct.Uninterruptible,
        _ => (value & operand) == 0,
    };

    /// <summary>Whether it depends on what the access reads whether it writes.</summary>
    public static bool IsConditional(AccessOp op) => op is AccessOp.CompareExchange
        or AccessOp.CompareExchangeRelaxed or AccessOp.CompareExchangeAcquire or AccessOp.CompareExchangeRelease;

    /// <summary>Whether an access writes.</summary>
    public static TouchKind KindOf(AccessOp op, ulong expected, ulong before)
        => MemoryOrder.IsLoad(op) || (IsConditional(op) && before != expected) ? TouchKind.Read : TouchKind.Write;
}
