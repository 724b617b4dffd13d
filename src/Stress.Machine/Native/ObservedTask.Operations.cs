namespace Stress.Machine.Native;

public sealed partial class ObservedTask
{
    /// <summary>An operation begins.</summary>
    internal void Enter(string name, int arguments, long a, long b)
    {
        Operations.Enter(name, arguments, a, b);

        // What it prepares, checks and gives back is no part of what went wrong.
        if (IsDisturbed)
        {
            Tail.Enter(name, arguments, a, b);
        }
    }

    /// <summary>The innermost operation ends.</summary>
    internal void Leave(bool hasResult, long result)
    {
        Operations.Leave();
        if (IsDisturbed)
        {
            Tail.Leave(hasResult, result);
        }
    }
}
