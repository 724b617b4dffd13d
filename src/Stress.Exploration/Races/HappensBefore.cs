using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stress.Exploration;

/// <summary>Keeps what each task knows of the others: happens-before with the strength of the kernel's model.</summary>
/// <remarks>
/// A store leaves in its slot what it publishes; a load from it learns that, at once when it acquires, and at the next
/// read fence or full fence when it is relaxed. With one slot for each cell memory is sequentially consistent; with one
/// for each store a load may name an older one.
/// <list type="bullet">
/// <item>A release publishes all that its task knows, also by relaxed loads (it is cumulative). So does a full fence,
/// for the relaxed stores behind it.</item>
/// <item>A write fence publishes the task's own earlier writes, and what its earlier releases published; no reads.
/// </item>
/// <item>An update continues what the store that it overwrites published; a relaxed store ends it.</item>
/// <item>A relaxed store passes on which reads of others came first, as order is enough for them, but not their writes,
/// which it does not make visible.</item>
/// <item>A marked write is taken to depend, by its address, its data or a branch, on all marked loads before it. The
/// machine does not see dependencies; this assumption can hide a race and never makes one up.</item>
/// <item>Tasks of one CPU: a section with preemption or interrupts off comes after all that was done on its CPU before
/// it, and so does a single marked access, a sleep's end, and a task's begin. Being preempted orders nothing else: a
/// plain access outside of such a section may be half done when another task comes in between.</item>
/// </list>
/// Not modelled: order that follows from a load that did <em>not</em> see a store, between two full fences. It exists
/// for <see cref="FenceEveryCpu"/>, where it matters: all tasks meet at that moment.
/// Epochs stop at 65,535 releases of a task in a run; what comes later counts as known.
/// Source: tools/memory-model/Documentation, v6.12; Flanagan and Freund, FastTrack, PLDI 2009.
/// </remarks>
internal sealed class HappensBefore
{
    private readonly TaskClocks[] _tasks;
    private Slot[] _slots = new Slot[256];
    private int _slotCount = 1;
    private int[] _slotOf = [];
    private uint _run;

    public HappensBefore(int tasks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tasks, Clock.MaxTasks);
        _tasks = new TaskClocks[tasks];
    }

    /// <summary>Forgets everything: a run begins.</summary>
    public void Begin()
    {
        _run++;
        for (int task = 0; task < _tasks.Length; task++)
        {
            _tasks[task] = default;
            Advance(ref _tasks[task], task);
        }
    }

    /// <summary>The present epoch of a task: what its accesses are stamped with.</summary>
    public ushort Epoch(int task) => _tasks[task].Epoch;

    /// <summary>What comes before the next access of a task.</summary>
    public ref Clock Now(int task) => ref _tasks[task].Now;

    /// <summary>What its relaxed loads saw as well, and no fence has put before it yet.</summary>
    public ref readonly Clock Observed(int task) => ref _tasks[task].Observed;

    /// <summary>A slot for what a store publishes; empty.</summary>
    public int NewSlot()
    {
        if (_slotCount == _slots.Length)
        {
            Array.Resize(ref _slots, _slotCount * 2);
        }

        return _slotCount++;
    }

    /// <summary>The slot of a store of weak memory, by the number that it has in this run.</summary>
    public int SlotOf(int store)
    {
        if (store >= _slotOf.Length)
        {
            Array.Resize(ref _slotOf, Math.Max(store + 1, _slotOf.Length * 2));
        }

        return _slotOf[store] == 0 ? _slotOf[store] = NewSlot() : _slotOf[store];
    }

    /// <summary>What the store in a slot published.</summary>
    public Clock Published(int slot) => _slots[slot].Run == _run ? _slots[slot].Clock : default;

    /// <summary>Makes a slot hold what another one does.</summary>
    public void Copy(int from, int to) => _slots[to] = _slots[from];

    /// <summary>Makes a slot publish nothing.</summary>
    public void Empty(int slot) => _slots[slot].Run = 0;

    /// <summary>Begins an access; <see cref="Load"/>, <see cref="Store"/> and <see cref="Complete"/> follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Announce(int task, AccessOrder order)
    {
        if ((order & AccessOrder.Full) != 0)
        {
            ref TaskClocks clocks = ref _tasks[task];
            clocks.Now.Join(clocks.Observed);
        }
    }

    /// <summary>The access reads from the store in a slot.</summary>
    public void Load(int task, AccessOrder order, int slot)
    {
        ref Slot store = ref _slots[slot];
        if (store.Run != _run || (order & AccessOrder.Marked) == 0)
        {
            return;
        }

        ref TaskClocks clocks = ref _tasks[task];
        if ((order & (AccessOrder.Acquire | AccessOrder.Full)) != 0)
        {
            clocks.Now.Join(store.Clock);
        }
        else
        {
            clocks.Observed.Join(store.Clock);
        }
    }

    /// <summary>The access leaves its store in a slot.</summary>
    /// <param name="task">Who makes it.</param>
    /// <param name="order">Its order.</param>
    /// <param name="slot">Where what it publishes goes.</param>
    /// <param name="overwritten">The slot of the store that an update continues; not used by other stores.</param>
    public void Store(int task, AccessOrder order, int slot, int overwritten)
    {
        Clock published = (order & AccessOrder.Marked) == 0 ? default
            : (order & (AccessOrder.Release | AccessOrder.Full)) != 0 ? Known(ref _tasks[task])
            : Relaxed(ref _tasks[task], task);
        if ((order & AccessOrder.Read) != 0 && _slots[overwritten].Run == _run)
        {
            published.Join(_slots[overwritten].Clock);
        }

        _slots[slot].Run = _run;
        _slots[slot].Clock = published;
    }

    /// <summary>Ends an access.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(int task, AccessOrder order)
    {
        if ((order & (AccessOrder.Full | AccessOrder.FenceAfter)) != 0)
        {
            FullFence(task);
        }
        else if ((order & AccessOrder.Release) != 0)
        {
            ref TaskClocks clocks = ref _tasks[task];
            clocks.Released.Join(Known(ref clocks));
            Advance(ref clocks, task);
        }
    }

    public void FullFence(int task)
    {
        ref TaskClocks clocks = ref _tasks[task];
        clocks.Now.Join(clocks.Observed);
        clocks.Fenced = clocks.Now;
        clocks.Released = clocks.Now;
        Advance(ref clocks, task);
    }

    public void ReadFence(int task)
    {
        ref TaskClocks clocks = ref _tasks[task];
        clocks.Now.Join(clocks.Observed);
    }

    public void WriteFence(int task)
    {
        ref TaskClocks clocks = ref _tasks[task];
        clocks.Fenced.Join(clocks.Released);
        Clock.Of(ref clocks.Fenced.Writes, task) = clocks.Epoch;
        Advance(ref clocks, task);
    }

    /// <summary>A full fence of every task at once: each is in order with the one that asked, both ways.</summary>
    public void FenceEveryCpu(int task)
    {
        FullFence(task);
        ref TaskClocks asking = ref _tasks[task];
        Clock before = asking.Fenced;
        for (int other = 0; other < _tasks.Length; other++)
        {
            if (other != task)
            {
                FullFence(other);
                asking.Now.Join(_tasks[other].Fenced);
                _tasks[other].Now.Join(before);
            }
        }

        FullFence(task);
    }

    /// <summary>What a task does from now on comes after all that others did so far: they share its CPU.</summary>
    public void EnterCpu(int task, uint others)
    {
        for (; others != 0; others &= others - 1)
        {
            int other = BitOperations.TrailingZeroCount(others);
            ref TaskClocks clocks = ref _tasks[other];
            _tasks[task].Now.Join(Known(ref clocks));
            Advance(ref clocks, other);
        }
    }

    private static Clock Known(ref TaskClocks clocks)
    {
        Clock known = clocks.Now;
        known.Join(clocks.Observed);
        return known;
    }

    private static Clock Relaxed(ref TaskClocks clocks, int task)
    {
        Clock published = clocks.Fenced;
        ushort own = published.Reads[task];
        published.Reads = Vector256.Max(
            published.Reads, Vector256.Max(clocks.Now.Reads, clocks.Observed.Reads));
        Clock.Of(ref published.Reads, task) = own;
        return published;
    }

    private static void Advance(ref TaskClocks clocks, int task)
    {
        if (clocks.Epoch < ushort.MaxValue)
        {
            clocks.Epoch++;
            Clock.Of(ref clocks.Now.Writes, task) = clocks.Epoch;
            Clock.Of(ref clocks.Now.Reads, task) = clocks.Epoch;
        }
    }

    private struct TaskClocks
    {
        // What comes before the task's next access; what relaxed loads saw; what a relaxed store publishes; what the
        // task's releases published so far.
        public Clock Now;
        public Clock Observed;
        public Clock Fenced;
        public Clock Released;
        public ushort Epoch;
    }

    private struct Slot
    {
        public Clock Clock;
        public uint Run;
    }
}
