using Stress.Machine;

namespace OwnLocks;

/// <summary>How a reader of a sequence lock looks at the data.</summary>
public interface ISequenceRule
{
    /// <summary>Whether the reader looks at the sequence again.</summary>
    static abstract bool Rechecks { get; }

    /// <summary>Whether the reads of the data are ordered before that second look.</summary>
    static abstract bool Fences { get; }
}

/// <summary>The correct version; built with <c>-p:WithMistake=true</c> it is one that somebody has just broken.</summary>
public readonly struct CorrectSequenceLock : ISequenceRule
{
#if WITH_MISTAKE
    /// <inheritdoc/>
    public static bool Rechecks => false;
#else
    /// <inheritdoc/>
    public static bool Rechecks => true;
#endif

    /// <inheritdoc/>
    public static bool Fences => true;
}

/// <summary>Mistake: the reader takes what it saw without a second look.</summary>
public readonly struct DoesNotRecheck : ISequenceRule
{
    /// <inheritdoc/>
    public static bool Rechecks => false;

    /// <inheritdoc/>
    public static bool Fences => false;
}

/// <summary>Mistake: the second look may pass the reads of the data.</summary>
public readonly struct RechecksWithoutFence : ISequenceRule
{
    /// <inheritdoc/>
    public static bool Rechecks => true;

    /// <inheritdoc/>
    public static bool Fences => false;
}

/// <summary>Two values under a sequence that is odd while its one writer is at them.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     meaning
///      0      4  Sequence  odd: the values are being written
///      4      4  First     both values are equal whenever the sequence is even
///      8      4  Second
/// </code>
/// Source: Boehm, Can Seqlocks Get Along with Programming Language Memory Models?, 2012.
/// </remarks>
/// <typeparam name="TRule">Its version.</typeparam>
/// <param name="at">Address of the sequence.</param>
public readonly partial struct SequencePair<TRule>(nint at) : IHandle
    where TRule : struct, ISequenceRule
{
    /// <inheritdoc/>
    public static int Bytes => 12;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Odd while the values are being written.</summary>
    public AtomicU32 Sequence => new(at);

    /// <summary>The first value.</summary>
    public AtomicU32 First => new(at + 4);

    /// <summary>The second value.</summary>
    public AtomicU32 Second => new(at + 8);

    /// <summary>Adds 1 to both values. Context: one writer at a time.</summary>
    public void Increment<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        uint sequence = cpu.ReadOnce(Sequence);
        cpu.WriteOnce(Sequence, sequence + 1);
        cpu.WriteFence();
        cpu.WriteOnce(First, cpu.ReadOnce(First) + 1);
        cpu.WriteOnce(Second, cpu.ReadOnce(Second) + 1);
        cpu.StoreRelease(Sequence, sequence + 2);
    }

    /// <summary>Reads both values as they were at one time; again and again while a writer is at them.</summary>
    public (uint First, uint Second) Read<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        while (true)
        {
            uint sequence = cpu.LoadAcquire(Sequence);
            if ((sequence & 1) != 0)
            {
                cpu.WaitWhile(Sequence, sequence);
                continue;
            }

            uint first = cpu.ReadOnce(First);
            uint second = cpu.ReadOnce(Second);
            if (TRule.Fences)
            {
                cpu.ReadFence();
            }

            if (!TRule.Rechecks || cpu.ReadOnce(Sequence) == sequence)
            {
                return (first, second);
            }
        }
    }
}
