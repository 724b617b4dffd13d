namespace Stress.Scenarios.ListLru;

/// <summary>What an object is like, in the word that is left to its users.</summary>
public static class LruTraits
{
    public const ulong Referenced = 1;
    public const ulong Buffers = 2;
    public const ulong Shadow = 4;
    public const ulong Busy = 8;
    public const int SlotShift = 8;
}
