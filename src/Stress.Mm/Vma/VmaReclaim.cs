using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>What runs after a grace period: the RCU callbacks of an address space.</summary>
/// <typeparam name="TLayout">Where the VMA lock is.</typeparam>
public static partial class VmaReclaim<TLayout>
    where TLayout : struct, IVmaLayout<TLayout>
{
    /// <summary>Callback number of <c>vm_area_free_rcu_cb</c>.</summary>
    public const ulong FreeVma = 1;

    /// <summary>Callback number of <c>mt_free_rcu</c>.</summary>
    public const ulong FreeNode = 2;

    /// <summary>Callback number of <c>tlb_remove_table_rcu</c>.</summary>
    public const ulong FreeTable = 3;

    /// <summary>Runs callbacks until nothing is left to wait for: the body of the RCU worker.</summary>
    public static void Serve<TCpu>(TCpu cpu, Rcu rcu) where TCpu : struct, ICpu
    {
        while (true)
        {
            nint batch = rcu.WaitForBatch(cpu);
            if (batch == 0)
            {
                return;
            }

            Run(cpu, batch);
        }
    }

    /// <summary>Waits for a grace period and runs what was queued before it: what a task without a worker does.
    /// </summary>
    public static void Flush<TCpu>(TCpu cpu, Rcu rcu) where TCpu : struct, ICpu
    {
        nint batch = rcu.TakeAll(cpu);
        rcu.Synchronize(cpu);
        Run(cpu, batch);
    }

    /// <summary>Runs what is still queued, when nobody runs any more.</summary>
    public static void Drain<TCpu>(TCpu cpu, Rcu rcu) where TCpu : struct, ICpu
    {
        nint batch = rcu.TakeAll(cpu);
        while (batch != 0)
        {
            Run(cpu, batch);
            batch = rcu.TakeAll(cpu);
        }
    }

    /// <summary>Frees a VMA and its lock: <c>__vm_area_free</c>.</summary>
    public static void VmAreaFree<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        if (!TLayout.IsLockEmbedded)
        {
            cpu.Free(TLayout.LockCache, vma.VmLock(cpu).Address);
        }

        cpu.Free(TLayout.Cache, vma.Address);
    }

    private static void Run<TCpu>(TCpu cpu, nint batch) where TCpu : struct, ICpu
    {
        nint at = batch;
        while (at != 0)
        {
            RcuHead head = new(at);
            at = cpu.Read(head.Next);
            switch (cpu.Read(head.Function))
            {
                case FreeVma:
                    VmAreaFreeCallback(
                        cpu, new VmAreaStruct<TLayout>(head.Address - TLayout.OffsetOf(VmaField.VmStart)));
                    break;
                case FreeNode:
                    cpu.Free(MapleNode.Cache, head.Address - 8);
                    break;
                case FreeTable:
                    cpu.Free(PageTable.Cache, head.Address - 8);
                    break;
                default:
                    cpu.BugOn(true, "an RCU head lost its function");
                    break;
            }
        }
    }

    // vm_area_free_rcu_cb
    private static void VmAreaFreeCallback<TCpu>(TCpu cpu, VmAreaStruct<TLayout> vma) where TCpu : struct, ICpu
    {
        cpu.Enter("vm_area_free_rcu_cb");
        cpu.BugOn(
            vma.VmLock(cpu).IsLocked(cpu),
            "VM_BUG_ON_VMA(rwsem_is_locked(&vma->vm_lock->lock), vma)");
        VmAreaFree(cpu, vma);
        cpu.Leave();
    }
}
