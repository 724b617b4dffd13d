using Stress.Machine;

namespace Stress.Locks;

/// <summary>What optimistic spinners ask about the owner that they wait for.</summary>
internal static partial class Spinning
{
    /// <summary>Whether a task runs right now, so that it may soon release what it holds: <c>owner_on_cpu</c>.</summary>
    /// <param name="task">Address of the task. Kernel: read inside a read section, so that it lives; here tasks outlive
    /// the run.</param>
    public static bool IsOnCpu<TCpu>(TCpu cpu, nint task) where TCpu : struct, ICpu
    {
        // Relaxed: a hint. A task of our own CPU cannot be on it, as we are.
        var owner = new TaskStruct(task);
        return cpu.ReadOnce(owner.OnCpu) != 0 && cpu.Read(owner.Cpu) != (uint)cpu.Id;
    }
}
