using Stress.Locks;
using Stress.Machine;

namespace Stress.Mm.ListLru;

/// <content>What runs after a grace period. Deviation: the release of a group, a work item of its own in the kernel,
/// runs in the worker too, and so waits for a grace period that it does not need.</content>
public readonly partial struct MemcgSystem<TRule>
{
    /// <summary>Runs callbacks until nothing is left to wait for: the body of the RCU worker.</summary>
    public void Serve<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint batch = Rcu.WaitForBatch(cpu);
        while (batch != 0)
        {
            Run(cpu, batch);
            batch = Rcu.WaitForBatch(cpu);
        }
    }

    /// <summary>Waits for grace periods and runs what is queued, until nothing is: what a task without a worker does.
    /// </summary>
    /// <remarks>Context: may sleep; no lock held, no read section.</remarks>
    public void Flush<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint batch = Rcu.TakeAll(cpu);
        while (batch != 0)
        {
            Rcu.Synchronize(cpu);
            Run(cpu, batch);
            batch = Rcu.TakeAll(cpu);
        }
    }

    private void Run<TCpu>(TCpu cpu, nint batch) where TCpu : struct, ICpu
    {
        while (batch != 0)
        {
            RcuHead head = new(batch);
            batch = cpu.Read(head.Next);
            RunOne(cpu, head.Address, cpu.Read(head.Function));
        }
    }

    private void RunOne<TCpu>(TCpu cpu, nint head, ulong function) where TCpu : struct, ICpu
    {
        switch (function)
        {
            case MemcgCallback.FreeLists:
                cpu.Free(ListLruMemcg.Cache, head - new ListLruMemcg(0).Rcu.Address);
                break;
            case MemcgCallback.FreeFew:
                cpu.Free(ListLruArray.Cache(ListLruArray.FewSlots), head - new ListLruArray(0).Rcu.Address);
                break;
            case MemcgCallback.FreeMany:
                cpu.Free(ListLruArray.Cache(ListLruArray.ManySlots), head - new ListLruArray(0).Rcu.Address);
                break;
            case MemcgCallback.ReleaseCss:
                Release(cpu, new MemCgroup(head - new MemCgroup(0).Rcu.Address));
                break;
            case MemcgCallback.FreeCss:
                Free(cpu, new MemCgroup(head - new MemCgroup(0).Rcu.Address));
                break;
            case MemcgCallback.FreeObjcg:
                cpu.Free(ObjCgroup.Cache, head - new ObjCgroup(0).Rcu.Address);
                break;
            default:
                cpu.BugOn(true, "an RCU head lost its function");
                break;
        }
    }

    // css_release_work_fn: nobody finds the group any more, but by what was read before.
    private void Release<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        CgroupMutex.Acquire(cpu);
        memcg.Sibling.Delete(cpu);
        CgroupMutex.Release(cpu);
        Rcu.Call(cpu, memcg.Rcu, MemcgCallback.FreeCss);
    }

    // css_free_rwork_fn
    private void Free<TCpu>(TCpu cpu, MemCgroup memcg) where TCpu : struct, ICpu
    {
        if (TRule.KeepsIdForReaders)
        {
            FreeId(cpu, cpu.Read(memcg.KmemcgId));
        }

        MemCgroup parent = new(cpu.Read(memcg.Parent));
        cpu.Free(MemCgroup.Cache, memcg.Address);
        parent.Put(cpu, Rcu);
    }
}
