namespace Stress.Exploration;

/// <summary>Makes the decisions of one run: the only seam between the explored machine and a search.</summary>
public interface IStrategy
{
    /// <summary>Its name in reports and traces.</summary>
    string Name { get; }

    /// <summary>Picks who makes the next access; asked only when at least two tasks can.</summary>
    /// <param name="enabled">Bit n is set when task n can.</param>
    /// <param name="current">The task that made the last access.</param>
    /// <returns>The number of a task whose bit is set.</returns>
    int NextTask(uint enabled, int current);

    /// <summary>Draws one of 0 to <paramref name="count"/> less one.</summary>
    int NextChoice(int count);

    /// <summary>Says whether something happens that is to happen once in <paramref name="oneIn"/> times.</summary>
    bool NextEvent(int oneIn);
}
