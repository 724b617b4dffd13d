using Stress.Machine;
using Stress.Mm;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>Reclaims objects as inodes (trylock, referenced, buffers), shadow nodes (freed with the lock dropped) and
/// pages of a compressed pool (stop) are reclaimed.</summary>
/// <param name="root">The <see cref="LruBlock{TRule}"/>.</param>
/// <param name="dispose">A list for what is taken off.</param>
public readonly partial struct LruIsolate<TRule>(nint root, nint dispose) : IIsolate<TRule>
    where TRule : struct, IListLruRule
{
    private LruBlock<TRule> Block => new(root);

    public LruStatus Isolate<TCpu>(TCpu cpu, ListLru<TRule> lru, int nid, ListLruOne one, ListHead item)
        where TCpu : struct, ICpu
    {
        LruObject found = new(item.Address);
        if (!found.Lock.TryAcquire(cpu))
        {
            return LruStatus.Skip;
        }

        ulong traits = cpu.ReadOnce(found.Traits);
        ulong hint = traits & (LruTraits.Referenced | LruTraits.Buffers | LruTraits.Busy);
        if (hint != 0)
        {
            cpu.FetchAndRelaxed(found.Traits, ~hint);
            found.Lock.Release(cpu);
            return Leave(cpu, lru, nid, one, hint);
        }

        // Whoever empties the place owns the object; if another did, it waits for the lock that we hold.
        AtomicPtr place = Block.Object((int)(traits >> LruTraits.SlotShift));
        if (cpu.CompareExchange(place, found.Address, 0) != found.Address)
        {
            found.Lock.Release(cpu);
            return LruStatus.Skip;
        }

        one.Isolate(cpu, item);
        found.Lock.Release(cpu);
        if ((traits & LruTraits.Shadow) == 0)
        {
            new ListHead(dispose).AddBefore(cpu, item);
            return LruStatus.Removed;
        }

        lru.DropLock(cpu, nid, one);
        Block.System.FreeObject(cpu, found);
        lru.RetakeLock(cpu, nid);
        return LruStatus.RemovedRetry;
    }

    private static LruStatus Leave<TCpu>(TCpu cpu, ListLru<TRule> lru, int nid, ListLruOne one, ulong hint)
        where TCpu : struct, ICpu
    {
        if ((hint & LruTraits.Referenced) != 0)
        {
            return LruStatus.Rotate;
        }

        lru.DropLock(cpu, nid, one);
        lru.RetakeLock(cpu, nid);
        return (hint & LruTraits.Busy) != 0 ? LruStatus.Stop : LruStatus.Retry;
    }
}
