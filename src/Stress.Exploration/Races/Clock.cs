using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stress.Exploration;

/// <summary>A vector clock of up to 16 tasks: how far the writes, and how far the reads, of each are known.</summary>
/// <remarks>Two numbers for each task: a write fence publishes the writes before it and not the reads.</remarks>
internal struct Clock
{
    /// <summary>Tasks that a clock has room for.</summary>
    public const int MaxTasks = 16;

    public Vector256<ushort> Writes;

    public Vector256<ushort> Reads;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Join(in Clock other)
    {
        Writes = Vector256.Max(Writes, other.Writes);
        Reads = Vector256.Max(Reads, other.Reads);
    }

    /// <summary>Whether one of the epochs is later than what is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Exceeds(Vector256<ushort> epochs, Vector256<ushort> known)
        => Vector256.Max(epochs, known) != known;

    /// <summary>The number of one task, to read or to set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref ushort Of(ref Vector256<ushort> epochs, int task)
        => ref Unsafe.Add(ref Unsafe.As<Vector256<ushort>, ushort>(ref epochs), task);

    /// <summary>The first task whose epoch is later than what is known, or -1.</summary>
    public static int FirstBeyond(Vector256<ushort> epochs, Vector256<ushort> known)
    {
        for (int task = 0; task < MaxTasks; task++)
        {
            if (epochs[task] > known[task])
            {
                return task;
            }
        }

        return -1;
    }
}
