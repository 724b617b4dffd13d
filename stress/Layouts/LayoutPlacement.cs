using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Locks;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Mm.Vma;

namespace Stress.Layouts;

/// <summary>Where the slab allocator really puts the objects of a layout: many are allocated one after the other.
/// </summary>
internal sealed class LayoutPlacement
{
    /// <summary>Objects that are allocated.</summary>
    public const int Objects = 4096;

    private const int LineBytes = 64;

    // The two words that every reader writes: the count, and for a rwsem the owner behind it.
    private const int HotRwsemBytes = 16;

    private readonly nint[] _vmas;
    private readonly nint[] _locks;
    private readonly int _vmaBytes;
    private readonly int _lockBytes;

    public LayoutPlacement(VmaLayout layout)
    {
        using var machine = new NativeMachine(new NativeMachineOptions { Tasks = ScenarioPlan.OwnCpus("allocator") });
        NativeCpu cpu = machine.CpuOf(0);
        _vmas = Allocated(cpu, layout.Cache);
        _locks = layout.IsLockEmbedded
            ? [.. _vmas.Select(vma => vma + layout.LockOffset)]
            : Allocated(cpu, layout.LockCache);
        _vmaBytes = layout.Bytes;
        _lockBytes = layout.IsReferenceCount ? AtomicU32.Bytes : RwSemaphore.Bytes;
        HotLockBytes = layout.IsReferenceCount ? AtomicU32.Bytes : HotRwsemBytes;
    }

    /// <summary>Bytes of the lock that every reader writes.</summary>
    public int HotLockBytes { get; }

    /// <summary>Share of the VMAs that begin at each offset in a cache line.</summary>
    public IReadOnlyDictionary<int, double> VmasInLine => Shares(_vmas, LineBytes);

    /// <summary>Share of the VMAs that begin at each offset in a pair of cache lines.</summary>
    public IReadOnlyDictionary<int, double> VmasInPair => Shares(_vmas, 2 * LineBytes);

    /// <summary>Share of the locks that begin at each offset in a cache line.</summary>
    public IReadOnlyDictionary<int, double> LocksInLine => Shares(_locks, LineBytes);

    /// <summary>Share of the locks that begin at each offset in a pair of cache lines.</summary>
    public IReadOnlyDictionary<int, double> LocksInPair => Shares(_locks, 2 * LineBytes);

    /// <summary>Share of the locks whose words that every reader writes lie on two lines.</summary>
    public double LocksStraddling => Share(_locks, at => Line(at) != Line(at + HotLockBytes - 1));

    /// <summary>Share of the VMAs that lie on more lines than their size needs.</summary>
    public double VmasStraddling
        => Share(_vmas, at => Line(at + _vmaBytes - 1) - Line(at) + 1 > (_vmaBytes + LineBytes - 1) / LineBytes);

    /// <summary>The most locks of which a part lies on one line.</summary>
    public int MostLocksOnLine => LinesOfLocks().Values.Max();

    /// <summary>Share of the locks that share a line with another lock.</summary>
    public double LocksSharingLine
    {
        get
        {
            Dictionary<nint, int> lines = LinesOfLocks();
            return Share(_locks, at => lines[Line(at)] > 1 || lines[Line(at + _lockBytes - 1)] > 1);
        }
    }

    private static nint[] Allocated(NativeCpu cpu, SlabCache cache)
    {
        nint[] made = new nint[Objects];
        for (int i = 0; i < made.Length; i++)
        {
            made[i] = cpu.Alloc(cache);
        }

        return made;
    }

    private static nint Line(nint at) => at / LineBytes;

    private static double Share(nint[] objects, Func<nint, bool> holds) => (double)objects.Count(holds) / objects.Length;

    private static SortedDictionary<int, double> Shares(nint[] objects, int modulus)
        => new(objects.CountBy(at => (int)(at % modulus))
            .ToDictionary(found => found.Key, found => (double)found.Value / objects.Length));

    private Dictionary<nint, int> LinesOfLocks()
        => _locks.SelectMany(at => new[] { Line(at), Line(at + _lockBytes - 1) }.Distinct())
            .CountBy(line => line).ToDictionary();
}
