using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>Runs made by hand, for stories.</summary>
internal static class Told
{
    public static ScenarioPlan Plan(params string[] tasks)
        => new() { Tasks = ScenarioPlan.OwnCpus(tasks), RootBytes = 64 };

    public static TraceEvent Call(int task, string name, string arguments = "")
        => new(task, AccessOp.Enter, name, arguments);

    public static TraceEvent Return(int task, string result = "") => new(task, AccessOp.Leave, "", result);

    public static TraceEvent Reads(int task, string cell, string value)
        => new(task, AccessOp.ReadOnce, cell, value, "0");

    public static TraceEvent Writes(int task, string cell, string before, string value)
        => new(task, AccessOp.WriteOnce, cell, before, value);

    public static TraceEvent Locks(int task, string name) => new(task, AccessOp.LockAcquired, name);

    public static TraceEvent Unlocks(int task, string name) => new(task, AccessOp.LockReleased, name);

    public static TraceEvent Waits(int task, string name, string holder)
        => new(task, AccessOp.AddWhenClear, name) { IsWait = true, Holder = holder };

    public static TraceEvent Fails(int task, string text, string kind = "bug")
        => new(task, AccessOp.Failed, text, kind);

    /// <summary>Two tasks: the second takes the last entry that the first counted on.</summary>
    public static IReadOnlyList<TraceEvent> LastEntry { get; } =
    [
        Call(0, "region_chg", "0, 1"),
        Locks(0, "lock"),
        Reads(0, "Cache", "1"),
        Unlocks(0, "lock"),
        Return(0, "1"),
        Call(0, "region_add", "0, 1"),
        Call(1, "quiet"),
        Writes(1, "Own", "0", "1"),
        Return(1, "7"),
        Call(1, "region_add", "2, 6"),
        Locks(1, "lock"),
        Waits(0, "lock", "other"),
        Writes(1, "Cache", "1", "0"),
        Unlocks(1, "lock"),
        Return(1, "3"),
        Locks(0, "lock"),
        Reads(0, "Cache", "0"),
        Fails(0, "VM_BUG_ON(t - f <= 1)"),
    ];
}
