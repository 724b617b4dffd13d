namespace Stress.Machine;

/// <summary>A generator with 64 bits of state, of which any value is good: it turns seeds into states.</summary>
/// <remarks>
/// A mutable struct: keep it in a field or pass it by reference. Neighbouring seeds give unrelated outputs.
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014; the constants are
/// those of Vigna's splitmix64.
/// </remarks>
/// <param name="seed">Any value.</param>
public struct SplitMix64(ulong seed)
{
    private const ulong Increment = 0x9e37_79b9_7f4a_7c15;

    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state = unchecked(_state + Increment);
        return Mix(_state);
    }

    /// <summary>A seed for one of the generators of a run: unrelated for neighbouring seeds and numbers.</summary>
    /// <param name="seed">The run's.</param>
    /// <param name="number">Of the generator, such as a task's number.</param>
    public static ulong Derive(ulong seed, ulong number)
        => Mix(unchecked(Mix(unchecked(seed + Increment)) + (Increment * number)));

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
            z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
            return z ^ (z >> 31);
        }
    }
}
