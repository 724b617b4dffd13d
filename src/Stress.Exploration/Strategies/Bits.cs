using System.Numerics;

namespace Stress.Exploration;

/// <summary>Picks from a mask of tasks.</summary>
internal static class Bits
{
    /// <summary>The position of the set bit that has <paramref name="index"/> set bits below it.</summary>
    public static int Nth(uint mask, int index)
    {
        for (; index > 0; index--)
        {
            mask &= mask - 1;
        }

        return BitOperations.TrailingZeroCount(mask);
    }
}
