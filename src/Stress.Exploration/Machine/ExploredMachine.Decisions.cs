using System;

namespace Stress.Exploration;

internal sealed partial class ExploredMachine
{
    private const ulong DecisionHashStart = 0xcbf2_9ce4_8422_2325;
    private const ulong DecisionHashFactor = 0x9e37_79b9_7f4a_7c15;

    private int[] _decisions = new int[256];
    private int _decisionCount;
    private ulong _decisionHash;

    // Every decision of a run passes here, in order: this is what a trace repeats.
    private void Decided(int decision)
    {
        if (_decisionCount == _decisions.Length)
        {
            Array.Resize(ref _decisions, _decisionCount * 2);
        }

        _decisions[_decisionCount++] = decision;
        ulong mixed = unchecked((_decisionHash ^ (uint)decision) * DecisionHashFactor);
        _decisionHash = mixed ^ (mixed >> 29);
    }

    internal int Draw(uint count)
    {
        ArgumentOutOfRangeException.ThrowIfZero(count);
        if (count == 1 || _isCutting)
        {
            return 0;
        }

        int choice = _strategy.NextChoice((int)count);
        Decided(choice);
        return choice;
    }

    private bool Happens(int oneIn)
    {
        if (_isCutting)
        {
            return false;
        }

        bool happens = _strategy.NextEvent(oneIn);
        Decided(happens ? 1 : 0);
        return happens;
    }
}
