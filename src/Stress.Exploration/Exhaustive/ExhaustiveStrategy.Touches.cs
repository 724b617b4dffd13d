using Stress.Machine;

namespace Stress.Exploration;

// What the running step touches.
internal sealed partial class ExhaustiveStrategy
{
    /// <inheritdoc/>
    public override unsafe void Touch(nint at, int size, TouchKind kind, AccessOp op, ulong operand)
    {
        if (_open is not { } step)
        {
            return;
        }

        // What comes after the access depends on what was read.
        step.IsSteady &= !_hasAccessed;
        _hasAccessed = true;
        long offset = _arena.OffsetOf(at);
        step.Add(new Touch
        {
            Place = (int)(offset >> 3),
            Bytes = (byte)(((1 << size) - 1) << (int)(offset & 7)),
            Kind = kind,
            Wait = MemoryOrder.IsWait(op) ? op : AccessOp.None,
            Operand = _arena.Portable(operand),
            IsConditional = Touches.IsConditional(op),
            Before = _arena.Portable(*(ulong*)(at & ~(nint)7)),
        });
    }

    /// <inheritdoc/>
    public override void TouchCpu(int cpu, bool isMasked)
    {
        if (_open is { } step && (_onSharedCpu & (1u << step.Task)) != 0)
        {
            step.Add(new Touch
            {
                Place = _cpuPlaces + cpu,
                Bytes = 1,
                Kind = TouchKind.Write,
                Before = isMasked ? 1ul : 0ul,
            });
        }
    }

    /// <inheritdoc/>
    public override unsafe void TouchObject(SlabCache cache, nint at)
    {
        if (_open is not { } step)
        {
            return;
        }

        if (cache.Options.HasFlag(SlabOptions.TypesafeByRcu))
        {
            step.Add(new Touch
            {
                Place = _cpuPlaces + Touches.Caches + (cache.Index % Touches.CacheCount),
                Bytes = 1,
                Kind = TouchKind.Write,
            });
        }

        if (!_arena.IsLive(at))
        {
            return;
        }

        for (nint word = at; word < at + cache.ObjectBytes; word += 8)
        {
            Touch(word, 8, TouchKind.Write, AccessOp.None, 0);
        }
    }

    /// <inheritdoc/>
    public override void TouchFailures() => _open?.Add(new Touch
    {
        Place = _cpuPlaces + Touches.Failures,
        Bytes = 1,
        Kind = TouchKind.Write,
    });

    /// <inheritdoc/>
    public override void TouchWeak(nint at, Touch touch, bool isConditional)
    {
        if (_open is not { } step)
        {
            return;
        }

        step.IsSteady &= !_hasAccessed && !isConditional;
        _hasAccessed = true;
        touch.Place = (int)(_arena.OffsetOf(at) >> 3);
        step.Add(touch);
    }

    /// <inheritdoc/>
    public override void TouchFence(bool isOfAll)
    {
        if (_open is not { } step)
        {
            return;
        }

        step.Add(new Touch { Place = _cpuPlaces + Touches.Fences, Bytes = 1, Kind = TouchKind.Write });
        for (int task = 0; isOfAll && task < _plan.Tasks.Count; task++)
        {
            if (task != step.Task)
            {
                step.Add(new Touch { Place = _cpuPlaces + Touches.Orders + task, Bytes = 1, Kind = TouchKind.Write });
            }
        }
    }
}
