namespace Stress.Locks;

/// <summary>What versions of the mutex differ in; the defaults are v6.12.</summary>
/// <remarks>Constants of a type parameter, so that natively no branch is left.</remarks>
public interface IMutexRule
{
    /// <summary>Whether a mutex that is handed over says so. Otherwise its new owner asks for it to be handed over, and
    /// so gets it all the same.</summary>
    static virtual bool MarksPickup => true;

    /// <summary>Whether a mutex goes from owner to owner. Otherwise it is free in between, and may have another owner by
    /// the time it is handed over.</summary>
    static virtual bool HandsOverAtOnce => true;
}

/// <summary>As in v6.12.</summary>
public readonly struct UpstreamMutex : IMutexRule;
