using Stress.Machine;

namespace Stress.Mm.ListLru;

public readonly partial struct ListLru<TRule>
{
    /// <summary>Offers the items of a group on a node to a callback, oldest first (<c>list_lru_walk_one</c>).</summary>
    /// <param name="memcg">The group, which the caller keeps; at 0 for the list of the node.</param>
    /// <param name="isolate">Decides about each.</param>
    /// <param name="budget">How many are offered at most, each time counted.</param>
    /// <returns>How many were taken off.</returns>
    public long WalkOne<TCpu, TIsolate>(TCpu cpu, int nid, MemCgroup memcg, TIsolate isolate, long budget)
        where TCpu : struct, ICpu
        where TIsolate : struct, IIsolate<TRule>
    {
        cpu.Enter("list_lru_walk_one", nid, budget);
        int id = MemCgroup.NoId;
        if (!TRule.HasListLocks)
        {
            // Read once: when the group goes offline while the lock is dropped, there is no list any more.
            LockNode(cpu, nid);
            id = memcg.Id(cpu);
        }

        long isolated = 0;
        bool isAgain = true;
        while (isAgain)
        {
            ListLruOne one = FindForWalk(cpu, nid, memcg, id);
            isAgain = false;
            if (one.Address == 0)
            {
                break;
            }

            (long taken, long left, LruStatus last) = WalkList(cpu, nid, one, isolate, budget);
            isolated += taken;
            budget = left;
            isAgain = last is LruStatus.Retry or LruStatus.RemovedRetry;
            if (TRule.HasListLocks && !isAgain && last != LruStatus.Stop)
            {
                one.Lock.Release(cpu);
            }
        }

        if (!TRule.HasListLocks)
        {
            UnlockNode(cpu, nid);
        }

        cpu.Leave(isolated);
        return isolated;
    }

    /// <summary>Gives up the lock that a callback was called with; the item may be gone after that.</summary>
    public void DropLock<TCpu>(TCpu cpu, int nid, ListLruOne one) where TCpu : struct, ICpu
    {
        if (TRule.HasListLocks)
        {
            one.Lock.Release(cpu);
        }
        else
        {
            UnlockNode(cpu, nid);
        }
    }

    /// <summary>Takes the lock again, where a callback must return with it: until v6.12.</summary>
    public void RetakeLock<TCpu>(TCpu cpu, int nid) where TCpu : struct, ICpu
    {
        if (!TRule.HasListLocks)
        {
            LockNode(cpu, nid);
        }
    }

    private ListLruOne FindForWalk<TCpu>(TCpu cpu, int nid, MemCgroup memcg, int id) where TCpu : struct, ICpu
        => TRule.HasListLocks
            ? LockListOf(cpu, nid, memcg, skipsEmpty: true).One
            : FromIndex(cpu, nid, id);

    // Until the end of the list or of the budget, or until the lock was dropped, which Last says.
    private (long Isolated, long Budget, LruStatus Last) WalkList<TCpu, TIsolate>(
        TCpu cpu, int nid, ListLruOne one, TIsolate isolate, long budget)
        where TCpu : struct, ICpu
        where TIsolate : struct, IIsolate<TRule>
    {
        long isolated = 0;
        nint item = cpu.Read(one.List.Next);
        while (item != one.List.Address && budget > 0)
        {
            ListHead head = new(item);
            nint next = cpu.Read(head.Next);
            budget--;
            LruStatus status = isolate.Isolate(cpu, this, nid, one, head);
            if (status is LruStatus.Removed or LruStatus.RemovedRetry)
            {
                isolated++;
                CountRemoved(cpu, nid);
            }

            if (status == LruStatus.Stop
                || (TRule.RestartsAfterDrop && status is (LruStatus.Retry or LruStatus.RemovedRetry)))
            {
                return (isolated, budget, status);
            }

            if (status == LruStatus.Rotate)
            {
                head.Delete(cpu);
                one.List.AddBefore(cpu, head);
            }

            item = next;
        }

        return (isolated, budget, LruStatus.Skip);
    }

    private void CountRemoved<TCpu>(TCpu cpu, int nid) where TCpu : struct, ICpu
    {
        if (TRule.HasListLocks)
        {
            // Relaxed: a count orders nothing.
            cpu.FetchAddRelaxed(Node(nid).NrItems, -1L);
        }
        else
        {
            cpu.Write(Node(nid).NrItems, cpu.Read(Node(nid).NrItems) - 1);
        }
    }
}
