namespace Stress.Simulation;

/// <summary>Which of the lines that a core has are in its L1, in its L2, or only behind them.</summary>
/// <remarks>Fully associative, least recently used goes first. That a line was used last so many fills ago stands for
/// how many other lines were used since: exact for streams, a little early for lines that are used again and again.
/// </remarks>
internal sealed class PrivateCaches(MachineModel machine, int lines)
{
    private const int LineBytes = 64;

    private readonly int _l1Lines = machine.L1Bytes / LineBytes;
    private readonly int _l2Lines = machine.L2Bytes / LineBytes;
    private readonly int[] _usedAt = new int[machine.Cores * lines];
    private readonly int[] _fills = new int[machine.Cores];

    /// <summary>Uses a line that the core has.</summary>
    /// <returns>What that costs, in picoseconds.</returns>
    public long Use(int core, int line)
    {
        ref int usedAt = ref _usedAt[(core * lines) + line];
        int now = _fills[core];
        int age = now - usedAt;
        usedAt = now;
        if (age < _l1Lines)
        {
            return machine.L1Hit;
        }

        if (age < _l2Lines)
        {
            return machine.L2Hit;
        }

        _fills[core] = now + 1;
        return machine.L3Hit;
    }

    /// <summary>A line arrives.</summary>
    public void Fill(int core, int line) => _usedAt[(core * lines) + line] = ++_fills[core];

    /// <summary>Lines pass through that are not followed one by one.</summary>
    public void FillMany(int core, int count) => _fills[core] += count;
}
