namespace Stress.Exploration.Tests;

/// <summary>What the tasks of a <see cref="RacePair{TCase}"/> do.</summary>
public interface IRaceCase
{
    /// <summary>Tasks on CPUs of their own, or two on one CPU.</summary>
    static virtual bool ShareCpu => false;

    /// <summary>Whether a race in the data is declared as known.</summary>
    static virtual bool IsKnown => false;

    static virtual int Tasks => 2;
}

public readonly struct BothLocked : IRaceCase;

public readonly struct OneLocked : IRaceCase;

public readonly struct PlainAgainstMarked : IRaceCase;

public readonly struct MarkedOnly : IRaceCase;

public readonly struct KnownToBeHarmless : IRaceCase
{
    public static bool IsKnown => true;
}

public readonly struct HalvesOfAWord : IRaceCase;

public readonly struct WordAndItsHalf : IRaceCase;

public readonly struct ReadsBeforeWriteFence : IRaceCase;

public readonly struct ReadsBeforeRelease : IRaceCase;

public readonly struct PassedOnByRelease : IRaceCase
{
    public static int Tasks => 3;
}

public readonly struct PassedOnRelaxed : IRaceCase
{
    public static int Tasks => 3;
}

public readonly struct ContinuedByUpdate : IRaceCase
{
    public static int Tasks => 3;
}

public readonly struct PublishedByRelease : IRaceCase;

public readonly struct PublishedRelaxed : IRaceCase;

public readonly struct FreedAfterGracePeriod : IRaceCase;

public readonly struct FreedAtOnce : IRaceCase;

public readonly struct WokenThenReads : IRaceCase;

public readonly struct SeenThenReads : IRaceCase;

public readonly struct SectionsOfOneCpu : IRaceCase
{
    public static bool ShareCpu => true;
}

public readonly struct PreemptedUpdate : IRaceCase
{
    public static bool ShareCpu => true;
}

public readonly struct RacesIntoABug : IRaceCase;
