using System;
using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Tells what an address is called in reports.</summary>
/// <param name="arena">The memory.</param>
/// <param name="plan">Names the tasks.</param>
/// <param name="scenario">The scenario's type, whose properties name the parts of the root block.</param>
internal sealed class MemoryNames(ExploredArena arena, ScenarioPlan plan, Type scenario)
{
    private readonly List<(nint At, int Bytes, Type Type, string Name)> _labels = [];

    /// <summary>Names a stretch of memory; the last name given stands.</summary>
    public void Label(nint at, int bytes, Type type, string name)
    {
        for (int i = 0; i < _labels.Count; i++)
        {
            if (_labels[i].At == at && _labels[i].Type == type)
            {
                _labels[i] = (at, bytes, type, name);
                return;
            }
        }

        _labels.Add((at, bytes, type, name));
    }

    /// <summary>Such as <c>resv.AddsInProgress</c>, <c>file_region#3.From</c> or <c>faulter.State</c>.</summary>
    public string Of(nint at)
    {
        if (SmallestLabel(at) is var (start, type, label))
        {
            return label + HandleFields.SuffixAt(type, (int)(at - start));
        }

        if (arena.Find(at) is { } record)
        {
            return $"{record.Name}{HandleFields.SuffixAt(record.Cache.ObjectType, (int)(at - record.Address))}";
        }

        for (int i = 0; i < plan.Tasks.Count; i++)
        {
            nint task = arena.Task(i).Address;
            if (at >= task && at < task + TaskStruct.Bytes)
            {
                return plan.Tasks[i].Name + TaskSuffix((int)(at - task));
            }
        }

        for (int i = 0; i < plan.Cpus; i++)
        {
            nint area = arena.PerCpu(i);
            if (at >= area && at < area + ICpuContext.PerCpuBytes)
            {
                return $"cpu{i}+0x{at - area:x}";
            }
        }

        if (at is >= 0 and < 4096)
        {
            return $"null+0x{at:x}";
        }

        string suffix = HandleFields.SuffixAt(scenario, (int)(at - arena.Root));
        return suffix[0] == '.' ? suffix[1..] : "root" + suffix;
    }

    /// <summary>A pointer by the name of what it points to, without the field.</summary>
    public string OfTarget(nint at)
    {
        if (at == 0)
        {
            return "null";
        }

        string name = Of(at & ~(nint)7);
        int dot = name.AsSpan().IndexOfAny('.', '+');
        string target = dot < 0 || !IsStart(at & ~(nint)7) ? name : name[..dot];
        return (at & 7) == 0 ? "&" + target : $"&{target}|{at & 7}";
    }

    // The smallest that contains it says the most.
    private (nint At, Type Type, string Name)? SmallestLabel(nint at)
    {
        int best = -1;
        for (int i = 0; i < _labels.Count; i++)
        {
            (nint start, int bytes, _, _) = _labels[i];
            if (at >= start && at < start + bytes && (best < 0 || bytes <= _labels[best].Bytes))
            {
                best = i;
            }
        }

        return best < 0 ? null : (_labels[best].At, _labels[best].Type, _labels[best].Name);
    }

    // The rooms that a task lends to others have no fields of their own.
    private static string TaskSuffix(int offset)
    {
        int waiter = (int)new TaskStruct(0).Waiter;
        int scratch = (int)new TaskStruct(0).Scratch;
        return offset >= scratch ? $".Scratch+0x{offset - scratch:x}"
            : offset >= waiter ? $".Waiter+0x{offset - waiter:x}"
            : HandleFields.SuffixAt(typeof(TaskStruct), offset);
    }

    private bool IsStart(nint at)
    {
        foreach ((nint start, _, _, _) in _labels)
        {
            if (start == at)
            {
                return true;
            }
        }

        for (int i = 0; i < plan.Tasks.Count; i++)
        {
            if (arena.Task(i).Address == at)
            {
                return true;
            }
        }

        return arena.Find(at) is { } record && record.Address == at;
    }
}
