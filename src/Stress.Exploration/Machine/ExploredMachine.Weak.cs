using System;

namespace Stress.Exploration;

// Accesses under the weak memory model: which store a load sees, and where a store comes, are decisions.
internal sealed partial class ExploredMachine
{
    private readonly WeakMemory? _weakMemory;

    // Null while nobody or only one runs: then everybody sees the newest.
    private WeakMemory? _weak;

    /// <summary>What names the stores that the pending access of a task may use; empty without weak memory.</summary>
    internal ReadOnlySpan<int> KeysOf(int number)
    {
        ExploredTask task = _tasks[number];
        if (_weak is null || !task.HasStarted || task.IsDone || !IsCell(task.Op) || !_arena.IsLive(task.At))
        {
            return [];
        }

        return _weak.Keys(_weak.Candidates(number, task.Op, task.At, task.Size, task.A).Length);
    }

    private static bool IsCell(AccessOp op)
        => op is not (AccessOp.None or AccessOp.Alloc or AccessOp.Free or AccessOp.Choose or AccessOp.NeedsResched
            or AccessOp.HasPassed or AccessOp.FullFence or AccessOp.FenceEveryCpu);

    private ulong PerformWeak(AccessOp op, nint at, int size, ulong a, ulong b, bool isDecided = true)
    {
        if (MemoryOrder.IsWait(op))
        {
            StopWaiting(op);
        }

        WeakMemory weak = _weak!;
        int task = _current.Number;
        ReadOnlySpan<int> candidates = weak.Candidates(task, op, at, size, a);
        if (candidates.IsEmpty)
        {
            // An idle worker that is told to end: what it sees last is the newest.
            candidates = weak.Candidates(task, AccessOp.ReadOnce, at, size, 0)[..1];
        }

        int store = candidates[isDecided ? DecideStore(weak.Keys(candidates.Length)) : 0];
        ulong before = weak.ValueOf(store, at, size);
        ulong newest = weak.Newest(at, size);
        ulong word = WordAround(at);
        AccessEffect effect = AccessEffect.Of(op, a, b, before);
        int made = weak.Access(task, op, at, size, store, effect.Writes, effect.Value);
        _steps?.TouchWeak(at, TouchOf(op, at, size, a, store, made, word), Touches.IsConditional(op));
        if (effect.Writes && MemoryOrder.IsFull(op))
        {
            _steps?.TouchFence(isOfAll: false);
        }

        if (effect.Writes)
        {
            Store(at, size, weak.Newest(at, size));
        }

        Recorder?.Accessed(task, op, at, size, a, b, MemoryOrder.IsStore(op) ? newest : before, newest);
        if (_races is { IsOn: true } races)
        {
            int used = effect.Writes ? made : store;
            races.Accessed(
                task, op, at, size, a, before,
                new StoresUsed(store, made, weak.IsNewest(used, at, size), weak.IsWhole(at, size)));
        }

        return effect.Result;
    }

    private static unsafe ulong WordAround(nint at) => *(ulong*)(at & ~(nint)7);

    private int DecideStore(ReadOnlySpan<int> keys)
    {
        if (_steps is not null)
        {
            int chosen = _steps.NextStore(keys);
            if (keys.Length > 1)
            {
                Decided(chosen);
            }

            return chosen;
        }

        return keys.Length == 1 ? 0 : Draw((uint)keys.Length);
    }

    private Touch TouchOf(AccessOp op, nint at, int size, ulong a, int store, int made, ulong word)
    {
        WeakMemory weak = _weak!;
        bool writes = made >= 0;
        return new Touch
        {
            Bytes = weak.BytesOf(at, size),
            Kind = writes ? TouchKind.Write : TouchKind.WeakRead,
            Key = weak.KeyOf(writes ? made : store),
            ReadKey = MemoryOrder.IsStore(op) ? 0 : weak.KeyOf(store),
            Wait = MemoryOrder.IsWait(op) ? op : AccessOp.None,
            WaitBytes = (byte)(((1 << size) - 1) << (int)(_arena.OffsetOf(at) & 7)),
            Operand = a,
            Before = word,
            After = writes ? weak.WordOf(made, at, size) : 0,
        };
    }

    private void PerformFence(AccessOp op)
    {
        _steps?.TouchFence(isOfAll: op == AccessOp.FenceEveryCpu);
        _weak!.Fence(_current.Number, op);
        _races?.Fenced(_current.Number, op);
        Recorder?.Fenced(_current.Number, op);
    }
}
