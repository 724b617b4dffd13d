namespace Stress.Simulation;

/// <summary>What an agent does when its time has come.</summary>
internal enum AgentPhase
{
    /// <summary>Its task goes on.</summary>
    Run,

    /// <summary>It is first in the queue of a line, and the line is free: it gets it.</summary>
    Grant,

    /// <summary>The line has arrived: its task makes the access.</summary>
    Arrive,
}

/// <summary>Somebody who acts in virtual time and asks for lines: a CPU, or a request of a core's pair prefetcher.</summary>
/// <param name="number">Breaks ties between agents of one time.</param>
/// <param name="core">The core that it belongs to.</param>
/// <param name="task">The task; null for a prefetcher.</param>
internal sealed class Agent(int number, int core, SimulatedTask? task)
{
    public int Number => number;

    public int Core => core;

    public SimulatedTask? Task => task;

    /// <summary>Its own time, in picoseconds.</summary>
    public long Clock;

    public AgentPhase Phase;

    /// <summary>The line that it asks for, and since when.</summary>
    public int Line;

    public long AskedAt;

    /// <summary>When its transfer began: when it asked, or when the one before was over.</summary>
    public long StartsAt;

    public LineUse Use;

    /// <summary>Who comes after it in the queue of its line: its number plus 1; 0 for nobody.</summary>
    public short Next;
}

/// <summary>What somebody wants a line for.</summary>
internal enum LineUse
{
    Load,

    Store,

    /// <summary>An atomic read-modify-write.</summary>
    Atomic,
}
