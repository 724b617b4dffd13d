using System;
using System.Runtime.InteropServices;

namespace Stress.Simulation;

/// <summary>Which of the lines that a core has are in its L1, in its L2, or only behind them.</summary>
/// <remarks>Fully associative, least recently used goes first. That a line was used last so many fills ago stands for
/// how many other lines were used since: exact for streams, a little early for lines that are used again and again.
/// Most lines have an owner, so there is one number for that, and a row of numbers only for lines that were shared.
/// </remarks>
internal sealed unsafe class PrivateCaches(MachineModel machine, int lines)
{
    private const int LineBytes = 64;

    private readonly int _l1Lines = machine.L1Bytes / LineBytes;
    private readonly int _l2Lines = machine.L2Bytes / LineBytes;
    private readonly long _l1Hit = machine.L1Hit;
    private readonly long _l2Hit = Math.Max(machine.L1Hit, machine.L2Hit - machine.Overlap);
    private readonly long _l3Hit = Math.Max(machine.L1Hit, machine.L3Hit - machine.Overlap);
    private readonly int _cores = machine.Cores;

    // Pinned, since the machine keeps a pointer to that of the running core.
    private readonly int[] _fills = GC.AllocateArray<int>(machine.Cores, pinned: true);

    // By line: which of its core's fills it was last used after.
    private readonly int[] _usedByOwner = new int[lines];

    // By line: where its row begins, plus 1; 0 for none yet.
    private readonly int[] _rows = new int[lines];
    private int[] _usedBySharers = [];
    private int _usedRows;

    /// <summary>Lines that an L1 has room for.</summary>
    public int L1Lines => _l1Lines;

    /// <summary>The count of a core's fills.</summary>
    public int* FillsOf(int core) => (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_fills, core);

    /// <summary>Uses a line that the core has.</summary>
    /// <param name="core">The core.</param>
    /// <param name="line">The line.</param>
    /// <param name="isOwner">Whether the core owns it.</param>
    /// <param name="now">Which of the core's fills it is now last used after.</param>
    /// <returns>What that costs, in picoseconds.</returns>
    public long Use(int core, int line, bool isOwner, out int now)
    {
        ref int usedAt = ref UsedAt(core, line, isOwner);
        now = _fills[core];
        int age = now - usedAt;
        usedAt = now;
        if (age < _l1Lines)
        {
            return _l1Hit;
        }

        if (age < _l2Lines)
        {
            return _l2Hit;
        }

        _fills[core] = now + 1;
        return _l3Hit;
    }

    /// <summary>A line was used while others kept count of that.</summary>
    public void SetUsed(int core, int line, bool isOwner, int usedAt) => UsedAt(core, line, isOwner) = usedAt;

    /// <summary>A line arrives.</summary>
    public void Fill(int core, int line, bool isOwner) => UsedAt(core, line, isOwner) = ++_fills[core];

    /// <summary>The owner of a line goes on as one of those that share it.</summary>
    public void Share(int owner, int line) => UsedAt(owner, line, isOwner: false) = _usedByOwner[line];

    /// <summary>Lines pass through that are not followed one by one.</summary>
    public void FillMany(int core, int count) => _fills[core] += count;

    private ref int UsedAt(int core, int line, bool isOwner)
    {
        if (isOwner)
        {
            return ref _usedByOwner[line];
        }

        // The row first: to add one may replace the array.
        int row = _rows[line] != 0 ? _rows[line] - 1 : AddRow(line);
        return ref _usedBySharers[row + core];
    }

    private int AddRow(int line)
    {
        int row = _usedRows++ * _cores;
        if (row + _cores > _usedBySharers.Length)
        {
            Array.Resize(ref _usedBySharers, Math.Max(64 * _cores, 2 * _usedBySharers.Length));
        }

        _rows[line] = row + 1;
        return row;
    }
}
