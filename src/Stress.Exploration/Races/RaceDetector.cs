using System;
using System.Collections.Generic;
using System.IO.Enumeration;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Finds the first data race of each run.</summary>
/// <remarks>
/// Two accesses of different tasks race when they touch the same bytes, at least one writes, at least one is plain, and
/// neither is ordered before the other (<see cref="HappensBefore"/>). Marked accesses never race with each other.
/// <list type="bullet">
/// <item>To free an object is a plain write of all of it: an access that is not ordered before it races with it, though
/// in this run it came in time. Objects that are type-safe by RCU stay readable and are left out. A new object has no
/// history.</item>
/// <item>Who reads the address of an object, by a marked read or by a plain one in an object that he came to so, has
/// his accesses to that object ordered behind the store that he read (address dependency). Where memory is no slab
/// object, the 256 bytes from the address count as one.</item>
/// <item>Who has read the last marked write of a cell by a marked read is behind it with his later accesses to the same
/// cell, plain ones too (coherence).</item>
/// <item>A race in a cell that the plan names as known is left alone, unless it is one with a free.</item>
/// </list>
/// Exploring keeps epochs only and allocates nothing. Where a race came from is found out by repeating the run.
/// </remarks>
internal sealed class RaceDetector : IDisposable
{
    private const int LineShift = 6;
    private const int DependentLines = 4;

    private readonly ExploredMachine _machine;
    private readonly ExploredArena _arena;
    private readonly HappensBefore _order;
    private readonly ShadowCells _shadow;
    private readonly DependencyClocks[] _dependencies;
    private readonly uint[] _onSameCpu;
    private readonly IReadOnlyList<KnownRace> _known;
    private readonly Dictionary<(int Offset, SlabCache? Cache), bool> _knownAt = [];
    private readonly RaceLog _log;
    private bool _tells;

    public RaceDetector(ExploredMachine machine, int arenaBytes)
    {
        IReadOnlyList<TaskSpec> tasks = machine.Plan.Tasks;
        _machine = machine;
        _arena = machine.Arena;
        _order = new HappensBefore(tasks.Count);
        _shadow = new ShadowCells(_order, arenaBytes);
        _dependencies = [.. tasks.Select(_ => new DependencyClocks())];
        _onSameCpu = [.. tasks.Select(task => OthersOf(task, tasks))];
        _known = machine.Plan.KnownRaces;
        _log = new RaceLog(machine);
    }

    /// <summary>Whether accesses are looked at: while tasks run, until the first race.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Whether the run had a race.</summary>
    public bool HasFound { get; private set; }

    /// <summary>The race, in a run that was asked to tell it; null when there was none.</summary>
    public RaceReport? Report { get; private set; }

    /// <summary>The tasks begin.</summary>
    /// <param name="tells">Whether a race is to be told.</param>
    public void Begin(bool tells)
    {
        HasFound = false;
        Report = null;
        IsOn = true;
        _order.Begin();
        _shadow.Begin();
        foreach (DependencyClocks dependencies in _dependencies)
        {
            dependencies.Begin();
        }

        _tells = tells;
        if (tells)
        {
            _log.Begin();
        }
    }

    /// <summary>The tasks have ended.</summary>
    public void End() => IsOn = false;

    public void Entered(int task, string operation)
    {
        if (IsOn && _tells)
        {
            _log.Entered(task, operation);
        }
    }

    public void Left(int task)
    {
        if (IsOn && _tells)
        {
            _log.Left(task);
        }
    }

    /// <summary>An access was made.</summary>
    /// <param name="task">By whom.</param>
    /// <param name="op">What it was.</param>
    /// <param name="at">Where.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="a">First operand.</param>
    /// <param name="before">What the cell held.</param>
    /// <param name="stores">Weak memory: the stores that it used.</param>
    public void Accessed(
        int task, AccessOp op, nint at, int size, ulong a, ulong before, StoresUsed stores = default)
    {
        AccessOrder order = AccessOrders.Of(op, a, before);
        int offset = (int)_arena.OffsetOf(at);
        if (_tells)
        {
            _log.Add(task, op, order, offset, size, ValueOf(op, a, before));
        }

        if (_onSameCpu[task] != 0 && (order & AccessOrder.Marked) != 0)
        {
            EnterCpu(task);
        }

        _order.Announce(task, order);
        _shadow.Cut(offset, size);
        for (int piece = offset; piece < offset + size; piece += _shadow.At(piece).Size)
        {
            Load(task, order, at, piece, size, before, stores);
        }

        if ((order & AccessOrder.Write) != 0)
        {
            Store(task, order, offset, size, stores);
        }

        _order.Complete(task, order);
    }

    /// <summary>As <see cref="Accessed"/>, for a plain access of one memory for all: most accesses, and mostly by who
    /// accessed the cell last.</summary>
    /// <param name="task">By whom.</param>
    /// <param name="kind"><see cref="AccessOrder.Read"/> or <see cref="AccessOrder.Write"/>.</param>
    /// <param name="at">Where.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="value">What was read or is written.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AccessedPlainly(int task, AccessOrder kind, nint at, int size, ulong value)
    {
        int offset = (int)_arena.OffsetOf(at);
        if (_tells || !_shadow.IsAt(offset, size))
        {
            AccessedSlowly(task, kind, at, size, value);
            return;
        }

        ref ShadowCell cell = ref _shadow.At(offset);
        if (cell.LastTask != task || cell.LastEpoch != _order.Epoch(task) || cell.LastKinds < kind)
        {
            AccessedAnew(task, kind, at, offset, ref cell);
        }

        if (kind == AccessOrder.Read && size == sizeof(ulong) && !_dependencies[task].IsEmpty
            && _arena.Contains((nint)value))
        {
            Depend(task, kind, at, cell.Slot, (nint)value);
        }
    }

    public void Fenced(int task, AccessOp op)
    {
        switch (op)
        {
            case AccessOp.FullFence: _order.FullFence(task); break;
            case AccessOp.ReadFence: _order.ReadFence(task); break;
            case AccessOp.WriteFence: _order.WriteFence(task); break;
            case AccessOp.FenceEveryCpu: _order.FenceEveryCpu(task); break;
        }
    }

    /// <summary>An object was taken: nothing is known of its memory.</summary>
    public void Allocated(SlabCache cache, nint at)
    {
        // Other objects never lie where one lay in the same run.
        if (cache.Options.HasFlag(SlabOptions.TypesafeByRcu))
        {
            _shadow.Forget((int)_arena.OffsetOf(at), cache.ObjectBytes);
        }
    }

    /// <summary>An object is about to be given back.</summary>
    public void Freed(int task, SlabCache cache, nint at)
    {
        if (cache.Options.HasFlag(SlabOptions.TypesafeByRcu) || _arena.NumberAt(at) < 0)
        {
            return;
        }

        int offset = (int)_arena.OffsetOf(at);
        int end = offset + cache.ObjectBytes;
        if (_tells)
        {
            _log.Add(task, AccessOp.Free, AccessOrder.Write, offset, cache.ObjectBytes, 0);
        }

        for (int piece = _shadow.NextUsed(offset, end); piece >= 0 && IsOn; piece = _shadow.NextUsed(piece + 1, end))
        {
            Judge(task, AccessOrder.Write, ref _shadow.At(piece), at, piece, slot: 0, isFree: true);
        }
    }

    /// <summary>The task begins, wakes, or keeps the others off its CPU from now on.</summary>
    public void EnterCpu(int task) => _order.EnterCpu(task, _onSameCpu[task]);

    public void Dispose() => _shadow.Dispose();

    private static uint OthersOf(TaskSpec task, IReadOnlyList<TaskSpec> tasks)
    {
        uint others = 0;
        for (int i = 0; i < tasks.Count; i++)
        {
            others |= tasks[i].Cpu == task.Cpu && tasks[i] != task ? 1u << i : 0;
        }

        return others;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AccessedSlowly(int task, AccessOrder kind, nint at, int size, ulong value)
        => Accessed(
            task, kind == AccessOrder.Read ? AccessOp.Read : AccessOp.Write, at, size,
            kind == AccessOrder.Read ? 0 : value, value);

    private void AccessedAnew(int task, AccessOrder kind, nint at, int offset, ref ShadowCell cell)
    {
        Judge(task, kind, ref cell, at, offset, cell.Slot, isFree: false);
        Note(task, kind, ref cell, isNewest: true);
        if (kind == AccessOrder.Write)
        {
            _order.Empty(cell.Slot);
        }

        cell.LastTask = (byte)task;
        cell.LastEpoch = _order.Epoch(task);
        cell.LastKinds = kind;
    }

    // What a store wrote; what anything else read.
    private static ulong ValueOf(AccessOp op, ulong a, ulong before)
        => op is AccessOp.Write or AccessOp.WriteOnce or AccessOp.StoreRelease ? a : before;

    private void Load(int task, AccessOrder order, nint at, int offset, int size, ulong value, StoresUsed stores)
    {
        ref ShadowCell cell = ref _shadow.At(offset);
        int slot = stores.Read == 0 ? cell.Slot : _order.SlotOf(stores.Read);
        if ((order & AccessOrder.Read) != 0)
        {
            if (size == sizeof(ulong) && _arena.Contains((nint)value))
            {
                Depend(task, order, at, slot, (nint)value);
            }

            _order.Load(task, order, slot);
        }

        Judge(task, order, ref cell, at, offset, slot, isFree: false);
        Note(task, order, ref cell, isNewest: stores.Read == 0 || stores.IsNewest);
    }

    private void Note(int task, AccessOrder order, ref ShadowCell cell, bool isNewest)
    {
        ushort epoch = _order.Epoch(task);
        cell.LastKinds = 0;
        switch (order & (AccessOrder.Write | AccessOrder.Marked))
        {
            case 0:
                Clock.Of(ref cell.PlainReads, task) = epoch;
                break;

            case AccessOrder.Marked:
                Clock.Of(ref cell.MarkedReads, task) = epoch;
                cell.Seen |= isNewest ? (ushort)(1 << task) : (ushort)0;
                break;

            case AccessOrder.Write | AccessOrder.Marked:
                Clock.Of(ref cell.MarkedWrites, task) = epoch;
                cell.Seen = isNewest ? (ushort)(1 << task) : cell.Seen;
                break;

            default:
                // In order with all before it: who is in order with it is so with them.
                cell.PlainReads = default;
                cell.MarkedReads = default;
                cell.MarkedWrites = default;
                cell.WriteTask = (byte)task;
                cell.WriteEpoch = epoch;
                break;
        }
    }

    private void Store(int task, AccessOrder order, int offset, int size, StoresUsed stores)
    {
        if (stores.Read != 0)
        {
            // A store to some of the bytes keeps what was published with the others.
            _order.Store(
                task, stores.IsWhole ? order : order | AccessOrder.Read, _order.SlotOf(stores.Made),
                _order.SlotOf(stores.Read));
            return;
        }

        for (int piece = offset; piece < offset + size; piece += _shadow.At(piece).Size)
        {
            int slot = _shadow.At(piece).Slot;
            _order.Store(task, order, slot, slot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Judge(int task, AccessOrder order, ref ShadowCell cell, nint at, int offset, int slot, bool isFree)
    {
        if (Against(order, in cell, ref _order.Now(task), isFree).Task >= 0)
        {
            Suspect(task, order, ref cell, at, offset, slot, isFree);
        }
    }

    // Who made an access that is not known and conflicts with this one; task -1 for nobody.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Task, bool IsPlain, bool IsWrite) Against(
        AccessOrder order, in ShadowCell cell, ref Clock known, bool isFree)
    {
        if (cell.WriteEpoch > Clock.Of(ref known.Writes, cell.WriteTask))
        {
            return (cell.WriteTask, true, true);
        }

        bool isPlain = (order & AccessOrder.Marked) == 0;
        if (isPlain && Clock.Exceeds(cell.MarkedWrites, known.Writes))
        {
            return (Clock.FirstBeyond(cell.MarkedWrites, known.Writes), false, true);
        }

        if ((order & AccessOrder.Write) != 0)
        {
            if (Clock.Exceeds(cell.PlainReads, known.Reads))
            {
                return (Clock.FirstBeyond(cell.PlainReads, known.Reads), true, false);
            }

            if ((isPlain || isFree) && Clock.Exceeds(cell.MarkedReads, known.Reads))
            {
                return (Clock.FirstBeyond(cell.MarkedReads, known.Reads), false, false);
            }
        }

        return (-1, false, false);
    }

    // Not known at once: perhaps by what it reads from, by a dependency, or known to be harmless.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Suspect(
        int task, AccessOrder order, ref ShadowCell cell, nint at, int offset, int slot, bool isFree)
    {
        Clock known = _order.Now(task);
        if ((order & AccessOrder.Marked) != 0)
        {
            if ((order & AccessOrder.Read) != 0)
            {
                known.Join(_order.Published(slot));
            }

            if ((order & AccessOrder.Write) != 0)
            {
                known.Join(_order.Observed(task));
            }
        }

        if ((cell.Seen & (1 << task)) != 0)
        {
            // It saw the last of them, and the accesses of one task to one cell stay in order (coherence).
            known.Writes = Vector256.Max(known.Writes, cell.MarkedWrites);
        }

        ref readonly Clock dependency = ref _dependencies[task].Find(KeyOf(at));
        if (!Unsafe.IsNullRef(in dependency))
        {
            known.Join(dependency);
        }

        (int other, bool isPlain, bool isWrite) = Against(order, in cell, ref known, isFree);
        int place = isFree ? offset : (int)_arena.OffsetOf(at);
        if (other < 0 || !IsOn || (!isFree && IsKnown(place)))
        {
            return;
        }

        HasFound = true;
        IsOn = false;
        if (_tells)
        {
            Report = _log.Report(NameOf(place), offset, other, isPlain, isWrite);
        }
    }

    private void Depend(int task, AccessOrder order, nint at, int slot, nint target)
    {
        DependencyClocks dependencies = _dependencies[task];
        Clock clock = (order & AccessOrder.Marked) == 0 ? default : _order.Published(slot);
        if (!dependencies.IsEmpty)
        {
            ref readonly Clock carried = ref dependencies.Find(KeyOf(at));
            if (!Unsafe.IsNullRef(in carried))
            {
                clock.Join(carried);
            }
        }

        if (clock.Writes == Vector256<ushort>.Zero && clock.Reads == Vector256<ushort>.Zero)
        {
            return;
        }

        int key = KeyOf(target);
        for (int i = 0; i < (key < 0 ? DependentLines : 1); i++)
        {
            dependencies.Join(key - i, clock);
        }
    }

    // Objects by their number from 0 up, other memory by its line from -1 down.
    private int KeyOf(nint at)
    {
        int number = _arena.NumberAt(at);
        return number >= 0 ? number : -1 - (int)(_arena.OffsetOf(at) >> LineShift);
    }

    private bool IsKnown(int offset)
    {
        if (_known.Count == 0)
        {
            return false;
        }

        (int, SlabCache?) key = (offset, _arena.Find(_arena.AddressOf(offset))?.Cache);
        if (!_knownAt.TryGetValue(key, out bool isKnown))
        {
            string field = RaceReport.FieldOf(NameOf(offset));
            isKnown = _known.Any(known => FileSystemName.MatchesSimpleExpression(known.Cell, field, ignoreCase: false));
            _knownAt.Add(key, isKnown);
        }

        return isKnown;
    }

    private string NameOf(int offset) => _machine.Names.Of(_arena.AddressOf(offset));
}
