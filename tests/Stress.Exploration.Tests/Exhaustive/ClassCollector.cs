using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>Runs every interleaving of a scenario, one after the other, and tells their classes.</summary>
/// <remarks>Independent of the search that it judges: a class is told by which version of each byte every step reads or
/// writes. Two interleavings with the same versions order the same steps.</remarks>
internal sealed class ClassCollector(ExploredMachine machine) : StepStrategy
{
    private readonly List<(int Option, int Of, bool IsTask, uint Enabled)> _decisions = [];
    private readonly Dictionary<long, int> _versions = [];
    private readonly List<string> _steps = [];
    private readonly int[] _count = new int[16];
    private IReadOnlyList<int>? _replayed;
    private int _position;
    private int _replayPosition;
    private int _task;
    private string _touched = "";

    public override string Name => "every";

    public override bool IsAbandoned => false;

    /// <summary>The class of the last run.</summary>
    public string Class => string.Join("\n", _steps.Concat(Orders()).Order(StringComparer.Ordinal));

    /// <summary>The classes of all interleavings; null when there are more interleavings than the limit.</summary>
    public (HashSet<string> Classes, HashSet<string> Findings)? All(int limit)
    {
        var classes = new HashSet<string>();
        var findings = new HashSet<string>();
        for (int i = 0; i < limit; i++)
        {
            Run();
            classes.Add(Class);
            if (machine.Finding is { } finding)
            {
                findings.Add(finding.Kind.ToString());
            }

            while (_decisions.Count > 0 && _decisions[^1].Option == _decisions[^1].Of - 1)
            {
                _decisions.RemoveAt(_decisions.Count - 1);
            }

            if (_decisions.Count == 0)
            {
                return (classes, findings);
            }

            _decisions[^1] = _decisions[^1] with { Option = _decisions[^1].Option + 1 };
        }

        return null;
    }

    /// <summary>The class of recorded decisions.</summary>
    public string Of(IReadOnlyList<int> decisions)
    {
        _replayed = decisions;
        _replayPosition = 0;
        Run();
        _replayed = null;
        return Class;
    }

    public override int NextStep(uint enabled, int current)
    {
        Close();
        int count = BitOperations.PopCount(enabled);
        int option = count == 1 ? 0 : Decide(count, enabled);
        _task = _replayed is not null && count > 1 ? option : Bits.Nth(enabled, option);
        _touched = string.Create(CultureInfo.InvariantCulture, $"{_task}.{_count[_task]++}");
        int cpu = machine.Plan.Tasks[_task].Cpu;
        if (!machine.HasWeakMemory && machine.Plan.Tasks.Count(task => task.Cpu == cpu) > 1)
        {
            TouchByte(-1 - cpu, TouchKind.Read);
        }

        return _task;
    }

    public override void End() => Close();

    public override void Touch(nint at, int size, TouchKind kind, AccessOp op, ulong operand)
    {
        for (int i = 0; i < size; i++)
        {
            TouchByte(machine.Arena.OffsetOf(at) + i, kind);
        }
    }

    public override void TouchCpu(int cpu, bool isMasked) => TouchByte(-1 - cpu, TouchKind.Write);

    public override void TouchObject(SlabCache cache, nint at)
    {
    }

    public override void TouchFailures()
    {
    }

    // What a step reads, and in which order stores come, is the class: when they are made is not.
    public override void TouchWeak(nint at, Touch touch, bool isConditional)
        => _touched += string.Create(CultureInfo.InvariantCulture, $" {machine.Arena.OffsetOf(at)} sees {touch.ReadKey}");

    public override void TouchFence(bool isOfAll)
    {
    }

    public override int NextStore(ReadOnlySpan<int> keys) => keys.Length == 1 ? 0 : Decide(keys.Length, 0);

    public override int NextChoice(int count)
    {
        int choice = Decide(count, 0);
        _touched += $" chose {choice}";
        return choice;
    }

    private IEnumerable<string> Orders()
        => machine.WeakMemory is { } weak
            ? weak.Orders().Select(order => $"{order.Word}: {string.Join(' ', order.Keys)}") : [];

    private void Run()
    {
        _position = 0;
        _versions.Clear();
        _steps.Clear();
        _touched = "";
        Array.Clear(_count);
        machine.Run(this);
    }

    private int Decide(int count, uint enabled)
    {
        if (_replayed is not null)
        {
            return _replayed[_replayPosition++];
        }

        if (_position == _decisions.Count)
        {
            _decisions.Add((0, count, enabled != 0, enabled));
        }

        return _decisions[_position++].Option;
    }

    private void TouchByte(long place, TouchKind kind)
    {
        int version = _versions.GetValueOrDefault(place);
        _versions[place] = version + (kind == TouchKind.Write ? 1 : 0);
        _touched += string.Create(CultureInfo.InvariantCulture, $" {place}{(kind == TouchKind.Write ? "w" : "r")}{version}");
    }

    private void Close()
    {
        if (_touched.Length > 0)
        {
            _steps.Add(_touched);
            _touched = "";
        }
    }
}
