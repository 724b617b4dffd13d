using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Every access of a run that is repeated to tell its race, with where it was made from.</summary>
internal sealed class RaceLog(ExploredMachine machine)
{
    private readonly List<Access> _accesses = [];
    private readonly Dictionary<int, List<string>> _operations = [];

    public void Begin()
    {
        _accesses.Clear();
        _operations.Clear();
    }

    public void Entered(int task, string operation) => OperationsOf(task).Add(operation);

    public void Left(int task) => OperationsOf(task).RemoveAt(OperationsOf(task).Count - 1);

    public void Add(int task, AccessOp op, AccessOrder order, int offset, int size, ulong value)
    {
        ExploredTask by = machine.Current;
        _accesses.Add(new Access(
            task, op, order, offset, size, value, [.. OperationsOf(task)],
            by.HeldLocks.ToArray(), (machine.Recorder?.Events.Count ?? 0) - 1));
    }

    /// <summary>The race of the access that was added last with an earlier one.</summary>
    /// <param name="cell">Name of the cell.</param>
    /// <param name="offset">An offset that both touched.</param>
    /// <param name="task">Who made the earlier one.</param>
    /// <param name="isPlain">Whether that was plain.</param>
    /// <param name="isWrite">Whether that wrote.</param>
    public RaceReport Report(string cell, int offset, int task, bool isPlain, bool isWrite)
    {
        Access second = _accesses[^1];
        Access first = _accesses.Last(access => access.Task == task
            && offset >= access.Offset && offset < access.Offset + access.Size
            && (access.Order & AccessOrder.Marked) == 0 == isPlain
            && (access.Order & AccessOrder.Write) != 0 == isWrite);
        return new RaceReport(cell, Site(first, second), Site(second, first));
    }

    private RaceSite Site(Access access, Access other) => new(
        access.Task,
        machine.TaskName(access.Task),
        access.Operations,
        Words(access),
        access.Op == AccessOp.Free ? "" : Value(access.Value),
        [.. access.Locks.Select(held => LockName(held, other))],
        access.Event);

    // Locks of one class are told apart by what they are in.
    private string LockName(HeldLock held, Access other)
        => other.Locks.Any(theirs => theirs.Class == held.Class && theirs.At != held.At)
            ? $"{held} of {RaceReport.FieldOf(machine.Names.Of(held.At)).Split('.')[0]}" : held.ToString();

    private string Value(ulong value)
        => machine.Arena.Contains((nint)value) ? machine.Names.OfTarget((nint)value)
            : value < 100_000 ? value.ToString(CultureInfo.InvariantCulture) : $"0x{value:x}";

    private static string Words(Access access) => access.Op switch
    {
        AccessOp.Read => "plain read",
        AccessOp.Write => "plain write",
        AccessOp.ReadOnce => "READ_ONCE",
        AccessOp.WriteOnce or AccessOp.CancelPark or AccessOp.PrepareToPark => "WRITE_ONCE",
        AccessOp.LoadAcquire => "smp_load_acquire",
        AccessOp.StoreRelease => "smp_store_release",
        AccessOp.Dereference => "rcu_dereference",
        AccessOp.WaitWhile or AccessOp.WaitForClear or AccessOp.WaitForWork or AccessOp.Park => "waiting read",
        AccessOp.Free => "free",
        _ => (access.Order & AccessOrder.Write) == 0 ? "failed cmpxchg" : "atomic update",
    };

    private List<string> OperationsOf(int task)
    {
        if (!_operations.TryGetValue(task, out List<string>? operations))
        {
            operations = [];
            _operations.Add(task, operations);
        }

        return operations;
    }

    private sealed record Access(
        int Task,
        AccessOp Op,
        AccessOrder Order,
        int Offset,
        int Size,
        ulong Value,
        string[] Operations,
        HeldLock[] Locks,
        int Event);
}
