using System;
using System.Collections.Generic;
using System.Globalization;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Keeps what happens in a run, and hashes it so that two runs can be compared.</summary>
/// <remarks>
/// The hash covers, for each event in order: task, operation, place as an offset into the machine's memory, size,
/// operands and value, with pointers as offsets too. It is the same on every host, in Debug and in Release.
/// </remarks>
/// <param name="machine">The machine that is recorded.</param>
/// <param name="keepsEvents">Whether events are kept for a story, or only hashed.</param>
internal sealed class Recorder(ExploredMachine machine, bool keepsEvents)
{
    private const ulong Start = 0x9ae1_6a3b_2f90_404f;
    private const ulong Factor = 0x9fb2_1c65_1e98_df25;

    private const ulong FreshWord = SlabCache.Fresh * 0x0101_0101_0101_0101ul;
    private const ulong PoisonWord = SlabCache.Poison * 0x0101_0101_0101_0101ul;

    private readonly List<TraceEvent> _events = [];

    // Locks that tasks said they give up, until the access that does it.
    private readonly List<(int Task, nint At, TraceEvent Told)> _releasing = [];
    private readonly int[] _steps = new int[machine.Plan.Tasks.Count];
    private ulong _hash = Start;
    private int _lastTask = -1;
    private bool _isAlone;

    /// <summary>What happened, in order; empty when events are not kept.</summary>
    public IReadOnlyList<TraceEvent> Events => _events;

    /// <summary>The execution hash.</summary>
    public string Hash => _hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Times that an access of one task followed one of another, until all had ended.</summary>
    public int Switches { get; private set; }

    /// <summary>Accesses that a task has made.</summary>
    public int StepsOf(int task) => _steps[task];

    public void Accessed(
        int task, AccessOp op, nint at, int size, ulong a, ulong b, ulong before, ulong? newest = null)
    {
        Mix(task, op, (ulong)machine.Arena.OffsetOf(at), (ulong)size);
        Mix(machine.Arena.Portable(a), machine.Arena.Portable(b), machine.Arena.Portable(before));
        if (keepsEvents && !IsRelease(task, at))
        {
            _events.Add(new TraceEvent(
                task, op, machine.Names.Of(at), Value(before, size), Value(a, size), Value(b, size),
                IsPointer(before) || IsPointer(a) || IsPointer(b))
            {
                Newest = newest is { } stored && stored != before ? Value(stored, size) : "",
                At = at,
                Step = _steps[task],
            });
        }
    }

    public void Waits(int task, AccessOp op, nint at, int size, ulong value)
    {
        // Not hashed: the access itself will be. A waiting task does nothing.
        if (keepsEvents)
        {
            (string place, string holder) = Awaited(at);
            _events.Add(new TraceEvent(task, op, place, A: Value(value, size))
            {
                IsWait = true,
                Holder = holder,
                At = at,
                Step = _steps[task] + 1,
            });
        }
    }

    public void Fenced(int task, AccessOp op)
    {
        Mix(task, op, 0, 0);
        Keep(task, op, "", "");
    }

    public void Allocated(int task, SlabCache cache, nint at)
    {
        Mix(task, AccessOp.Alloc, at == 0 ? 0 : (ulong)machine.Arena.OffsetOf(at), (ulong)cache.ObjectBytes);
        Keep(task, AccessOp.Alloc, cache.Name, at == 0 ? "" : machine.Arena.Find(at)!.Value.Name, at);
    }

    public void Freed(int task, nint at)
    {
        Mix(task, AccessOp.Free, (ulong)machine.Arena.OffsetOf(at), 0);
        Keep(task, AccessOp.Free, machine.Arena.Find(at)?.Name ?? "no object", "", at);
    }

    public void Entered(int task, string operation, int arguments, long a, long b)
    {
        string text = arguments switch
        {
            0 => "",
            1 => Argument(a),
            _ => $"{Argument(a)}, {Argument(b)}",
        };
        Keep(task, AccessOp.Enter, operation, text);
    }

    public void Left(int task, bool hasResult, long result)
        => Keep(task, AccessOp.Leave, "", hasResult ? Argument(result) : "");

    public void Locked(int task, AccessOp op, nint at, LockClass lockClass, int subclass, LockMode mode)
    {
        if (!keepsEvents)
        {
            return;
        }

        var told = new TraceEvent(task, op, LockName(at, lockClass, subclass), mode == LockMode.Shared ? "read" : "")
        {
            At = at,
            Step = _steps[task],
        };
        if (op == AccessOp.LockReleased)
        {
            _releasing.Add((task, at, told));
        }
        else
        {
            _events.Add(told);
        }
    }

    /// <summary>The tasks have ended, and what follows runs alone.</summary>
    public void RunsAlone(string phase)
    {
        _isAlone = true;
        Keep(0, AccessOp.RunsAlone, phase, "");
    }

    public void Failed(int task, FindingKind kind, string text) => Keep(task, AccessOp.Failed, text, kind.Name());

    // The first access to the lock after the note: it is told as the release that it is.
    private bool IsRelease(int task, nint at)
    {
        for (int i = 0; i < _releasing.Count; i++)
        {
            if (_releasing[i].Task == task && _releasing[i].At == at)
            {
                _events.Add(_releasing[i].Told with { Step = _steps[task] });
                _releasing.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    private void Keep(int task, AccessOp op, string place, string text, nint at = 0)
    {
        if (keepsEvents)
        {
            _events.Add(new TraceEvent(task, op, place, text) { At = at, Step = _steps[task] });
        }
    }

    // Which of the locks of the class: by the object that it is in.
    private string LockName(nint at, LockClass lockClass, int subclass)
    {
        string place = machine.Names.Of(at);
        string owner = place.Split('.')[0];
        string name = subclass == 0 ? lockClass.Name : $"{lockClass.Name}/{subclass}";
        return owner.StartsWith("root+", StringComparison.Ordinal) ? name : $"{name} of {owner}";
    }

    // A lock by its name and holder, also while the holder is about to give it up; otherwise the cell.
    private (string Place, string Holder) Awaited(nint at)
    {
        if (machine.HolderOf(at) is var (held, holder))
        {
            return (LockName(at, held.Class!, held.Subclass), holder);
        }

        foreach ((int task, nint released, TraceEvent told) in _releasing)
        {
            if (released == at)
            {
                return (told.Place, machine.TaskName(task));
            }
        }

        return (machine.Names.Of(at), "");
    }

    private string Argument(long value)
        => IsPointer((ulong)value) ? machine.Names.OfTarget((nint)value) : value.ToString(CultureInfo.InvariantCulture);

    private string Value(ulong value, int size)
    {
        if (IsPointer(value))
        {
            return machine.Names.OfTarget((nint)value);
        }

        ulong mask = size == 8 ? ulong.MaxValue : (1ul << (8 * size)) - 1;
        if (size > 1 && value == (FreshWord & mask))
        {
            return "fresh";
        }

        if (size > 1 && value == (PoisonWord & mask))
        {
            return "poison";
        }

        long signed = size switch
        {
            1 => (sbyte)value,
            2 => (short)value,
            4 => (int)value,
            _ => (long)value,
        };
        return signed is > -1000 and < 100_000 ? signed.ToString(CultureInfo.InvariantCulture) : $"0x{value:x}";
    }

    private bool IsPointer(ulong value) => machine.Arena.Contains((nint)value);

    // Every access passes here, once.
    private void Mix(int task, AccessOp op, ulong place, ulong size)
    {
        _steps[task]++;
        Switches += task != _lastTask && _lastTask >= 0 && !_isAlone ? 1 : 0;
        _lastTask = task;
        Mix(((ulong)task << 8) | (ulong)op, place, size);
    }

    private void Mix(params ReadOnlySpan<ulong> words)
    {
        foreach (ulong word in words)
        {
            ulong mixed = unchecked((_hash ^ word) * Factor);
            _hash = mixed ^ (mixed >> 32);
        }
    }
}
