using System;
using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Tells what an address is called in reports.</summary>
internal sealed class MemoryNames(ExploredArena arena, ScenarioPlan plan)
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
        for (int i = _labels.Count - 1; i >= 0; i--)
        {
            (nint start, int bytes, Type type, string name) = _labels[i];
            if (at >= start && at < start + bytes)
            {
                return $"{name}{HandleFields.SuffixAt(type, (int)(at - start))}";
            }
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
                return $"{plan.Tasks[i].Name}{HandleFields.SuffixAt(typeof(TaskStruct), (int)(at - task))}";
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

        return at is >= 0 and < 4096 ? $"null+0x{at:x}" : $"root+0x{at - arena.Root:x}";
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
