using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>The host as a machine: tasks for threads to run as, and memory for them to share.</summary>
/// <remarks>It starts no threads; <see cref="Hammer"/> does. A task must be used by one thread at a time.</remarks>
public sealed class NativeMachine : IDisposable
{
    private const int AreaAlignment = 128;

    private readonly NativeArena _arena;
    private readonly nint _perCpu;
    private readonly NativeTask[] _tasks;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, NativeSlab> _slabs = [];
    private readonly List<NamedMemory> _labels = [];

    /// <summary>Takes the memory and makes the tasks.</summary>
    /// <exception cref="InsufficientMemoryException">The arena is too small for the root block, the areas of the CPUs
    /// and the tasks.</exception>
    public NativeMachine(NativeMachineOptions options)
        : this(options, static (machine, number, spec, memory) => new NativeTask(machine, number, spec, memory))
    {
    }

    private NativeMachine(
        NativeMachineOptions options,
        Func<NativeMachine, int, TaskSpec, TaskStruct, NativeTask> newTask)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        LockOrder = options.LockOrder ? new LockOrderLog() : null;
        CpuCount = options.Tasks.Max(static task => task.Cpu) + 1;
        IsOversubscribed = options.Tasks.Count > Environment.ProcessorCount;
        _arena = new NativeArena(options.ArenaBytes);
        Root = _arena.TakePages(options.RootBytes, "the root block");
        _perCpu = _arena.TakePages((long)CpuCount * PerCpuStride, "the areas of the CPUs");
        nint tasks = _arena.TakePages((long)options.Tasks.Count * TaskStruct.Bytes, "the tasks");
        _tasks = new NativeTask[options.Tasks.Count];
        for (int i = 0; i < _tasks.Length; i++)
        {
            var memory = new TaskStruct(tasks + ((nint)i * TaskStruct.Bytes));
            MachineWord.Store(memory.OnCpu.Address, 1u);
            MachineWord.Store(memory.Number.Address, (uint)i);
            MachineWord.Store(memory.Cpu.Address, (uint)options.Tasks[i].Cpu);
            _tasks[i] = newTask(this, i, options.Tasks[i], memory);
        }

        Run.WakeSleepers = () => Array.ForEach(_tasks, static task => task.Rouse());
    }

    /// <summary>How it was built.</summary>
    public NativeMachineOptions Options { get; }

    /// <summary>Whether the run has failed or is to end.</summary>
    public NativeRun Run { get; } = new();

    /// <summary>The order of locks that was seen so far; null when it is not watched.</summary>
    public LockOrderLog? LockOrder { get; }

    /// <summary>The root block: zeroed, aligned to a page.</summary>
    public nint Root { get; }

    /// <summary>How many CPUs it has.</summary>
    public int CpuCount { get; }

    /// <summary>How many tasks it has.</summary>
    public int TaskCount => _tasks.Length;

    /// <summary>Its tasks, by number.</summary>
    public IReadOnlyList<NativeTask> Tasks => _tasks;

    /// <summary>Whether it has more tasks than the host has CPUs.</summary>
    internal bool IsOversubscribed { get; }

    internal NativeArena Arena => _arena;

    private static int PerCpuStride => (ICpuContext.PerCpuBytes + AreaAlignment - 1) & -AreaAlignment;

    /// <summary>A machine whose tasks are <see cref="ObservedTask"/>s.</summary>
    public static NativeMachine Observed(NativeMachineOptions options)
    {
        var machine = new NativeMachine(
            options,
            static (machine, number, spec, memory) => new ObservedTask(machine, number, spec, memory));
        VirtualCpu.Share(machine.Tasks.Cast<ObservedTask>());
        return machine;
    }

    /// <summary>The bare CPU of a task.</summary>
    public NativeCpu CpuOf(int task) => new(_tasks[task]);

    /// <summary>What was allocated from each cache so far, by name. Exact while no task allocates or frees.</summary>
    public ImmutableArray<HammerCache> CountObjects()
        => [.. Slabs().Select(static slab => slab.Count())];

    /// <summary>Looks for writes to freed objects that are still held back; no task may be running.</summary>
    /// <returns>What was found, or null.</returns>
    public HammerFinding? CheckQuarantines()
        => Slabs().Select(static slab => slab.CheckQuarantines()).FirstOrDefault(static text => text is not null)
            is { } found ? new HammerFinding(FindingKind.UseAfterFree, found, "", "") : null;

    /// <summary>Looks for objects that live after everything was given back; no task may be running.</summary>
    /// <returns>What was found, or null.</returns>
    public HammerFinding? CheckLeaks()
    {
        string leaks = string.Join(
            ", ",
            CountObjects().Where(static cache => cache.Live != 0).Select(static cache => $"{cache.Live} {cache.Name}"));
        return leaks.Length == 0 ? null : new HammerFinding(FindingKind.Leak, $"still allocated: {leaks}", "", "");
    }

    /// <summary>An address in words: the object or the labelled memory that it lies in, and the field.</summary>
    public string Describe(nint at)
    {
        if (_arena.SlabAt(at) is { } slab)
        {
            nint start = _arena.ObjectAt(at, slab.Cache.Stride);
            return start == 0
                ? $"the unused slab of {slab.Cache.Name}"
                : $"{slab.Cache.Name}{HandleFields.SuffixAt(slab.Cache.ObjectType, (int)(at - start))}";
        }

        foreach (NativeTask task in _tasks)
        {
            long offset = at - task.Memory.Address;
            if (offset >= 0 && offset < TaskStruct.Bytes)
            {
                return $"task {task.Name}{HandleFields.SuffixAt(typeof(TaskStruct), (int)offset)}";
            }
        }

        lock (_lock)
        {
            // The smallest that contains it says the most.
            NamedMemory? label = _labels
                .Where(label => label.Contains(at))
                .MinBy(static label => label.Bytes);
            return label is null ? Unlabelled(at) : label.NameAt(at);
        }
    }

    /// <summary>Gives the memory back. No thread may use a task any more.</summary>
    public void Dispose() => _arena.Dispose();

    internal NativeSlab SlabOf(SlabCache cache)
    {
        lock (_lock)
        {
            if (!_slabs.TryGetValue(cache.Index, out NativeSlab? slab))
            {
                slab = new NativeSlab(cache, _arena);
                _slabs.Add(cache.Index, slab);
            }

            return slab;
        }
    }

    internal NativeTask TaskAt(int number) => _tasks[number];

    internal NativeTask TaskAt(TaskStruct memory) => _tasks[MachineWord.Load<uint>(memory.Number.Address)];

    internal nint PerCpu(int cpu) => _perCpu + ((nint)cpu * PerCpuStride);

    internal void Label(IHandle handle, int bytes, string name)
    {
        lock (_lock)
        {
            _labels.RemoveAll(label => label.Start == handle.Address && label.Bytes == bytes);
            _labels.Add(new NamedMemory(handle, bytes, name));
        }
    }

    private string Unlabelled(nint at)
    {
        for (int cpu = 0; cpu < CpuCount; cpu++)
        {
            long offset = at - PerCpu(cpu);
            if (offset >= 0 && offset < PerCpuStride)
            {
                return $"the area of cpu {cpu}+{offset}";
            }
        }

        long rootOffset = at - Root;
        return rootOffset >= 0 && rootOffset < Options.RootBytes ? $"root+{rootOffset}" : $"address 0x{at:x}";
    }

    private NativeSlab[] Slabs()
    {
        lock (_lock)
        {
            return [.. _slabs.Values.OrderBy(static slab => slab.Cache.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>A stretch of memory that the model has named.</summary>
    private sealed class NamedMemory(IHandle handle, int bytes, string name)
    {
        public nint Start => handle.Address;

        public int Bytes => bytes;

        public bool Contains(nint at) => at >= Start && at < Start + bytes;

        public string NameAt(nint at) => $"{name}{HandleFields.SuffixAt(handle.GetType(), (int)(at - Start))}";
    }
}
