namespace Stress.Locks;

/// <summary>What versions of the queue of spinners differ in; the defaults are v6.12.</summary>
/// <remarks>Constants of a type parameter, so that natively no branch is left.</remarks>
public interface ISpinQueueRule
{
    /// <summary>Whether a spinner that leaves tells the one behind it who is before it now. Otherwise that one looks for
    /// its place in a node that has left.</summary>
    static virtual bool TellsNextOfPrevious => true;
}

/// <summary>As in v6.12.</summary>
public readonly struct UpstreamSpinQueue : ISpinQueueRule;
