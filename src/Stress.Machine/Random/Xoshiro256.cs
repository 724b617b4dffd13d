using System;
using System.Numerics;

namespace Stress.Machine;

/// <summary>The generator that every random decision of Stress comes from: xoshiro256**, period 2^256 - 1.</summary>
/// <remarks>
/// A mutable struct: keep it in a field or pass it by reference. The same seed gives the same numbers on every host
/// and in every version of Stress; traces and seeds in reports depend on it.
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021.
/// </remarks>
public struct Xoshiro256
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Seeds the 256 bits of state with four outputs of <see cref="SplitMix64"/>, as its authors advise.
    /// </summary>
    /// <param name="seed">Any value.</param>
    public Xoshiro256(ulong seed)
    {
        var seeds = new SplitMix64(seed);
        _s0 = seeds.Next();
        _s1 = seeds.Next();
        _s2 = seeds.Next();
        _s3 = seeds.Next();
    }

    /// <summary>Continues from a state.</summary>
    /// <exception cref="ArgumentException">All four words are 0: such a generator never leaves 0.</exception>
    public Xoshiro256(ulong s0, ulong s1, ulong s2, ulong s3)
    {
        if ((s0 | s1 | s2 | s3) == 0)
        {
            throw new ArgumentException("The state of xoshiro256** must not be all zeroes.", nameof(s0));
        }

        _s0 = s0;
        _s1 = s1;
        _s2 = s2;
        _s3 = s3;
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            ulong t = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= t;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>Draws one of 0 to <paramref name="bound"/> less one, each equally likely.</summary>
    /// <remarks>Takes the high half of one output times the bound, and draws again for the few outputs that would make
    /// a value likelier than another. Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS
    /// 29(1), 2019.</remarks>
    /// <param name="bound">At least 1.</param>
    public uint Next(uint bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        ulong product = (Next() >> 32) * bound;
        if ((uint)product < bound)
        {
            uint threshold = unchecked(0u - bound) % bound;
            while ((uint)product < threshold)
            {
                product = (Next() >> 32) * bound;
            }
        }

        return (uint)(product >> 32);
    }

    /// <summary>Whether an event of the given probability happens. Draws once, whatever the probability.</summary>
    /// <param name="probability">From 0, never, to 1, always.</param>
    public bool NextIs(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;
}
