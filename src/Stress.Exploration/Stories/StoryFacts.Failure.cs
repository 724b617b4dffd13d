using System;
using System.Collections.Generic;
using System.Linq;

namespace Stress.Exploration;

// What led to the failure.
internal sealed partial class StoryFacts
{
    /// <summary>The reads, of different cells, that saw the changes of other tasks last before the run failed, in the
    /// operation that failed or in the judgement; the last first.</summary>
    public IReadOnlyList<int> LastForeignReads(int count)
    {
        List<int> reads = [];
        if (Failure < 0)
        {
            return reads;
        }

        List<int> others = [];
        int task = Events[Failure].Task;
        int begin = Failure > Alone ? Alone : FailedOperation();
        for (int i = Failure - 1; i >= begin && reads.Count < count; i--)
        {
            if (Events[i].Task == task && Events[i].Reads() && SeesAnother(i)
                && !reads.Concat(others).Any(at => Events[at].Place == Events[i].Place))
            {
                (Events[i].IsPointer || IsBookkeeping(Events[i].Place) ? others : reads).Add(i);
            }
        }

        // Values say more than links and words of locks.
        return reads.Count > 0 ? reads : [.. others.Take(count)];
    }

    /// <summary>A change that was overwritten with what came from an older read: that read, the change, and the write.
    /// Null when there is none in a cell that the judgement read.</summary>
    public (int Read, int Between, int Write)? LostUpdate()
    {
        if (Failure < Alone)
        {
            return null;
        }

        foreach (int judged in LastForeignReads(int.MaxValue))
        {
            string place = Events[judged].Place;
            for (int write = judged - 1; write >= 0; write--)
            {
                if (!Events[write].Writes() || Events[write].Place != place)
                {
                    continue;
                }

                int task = Events[write].Task;
                int read = LastBefore(write, at => Events[at].Task == task && Events[at].Place == place);
                int between = LastBefore(write, at => Events[at].Task != task && Events[at].Place == place
                    && Events[at].Writes() && Events[at].After() != Events[at].Before);
                if (!Events[write].Reads() && read >= 0 && between > read && !Events[read].Writes())
                {
                    return (read, between, write);
                }
            }
        }

        return null;
    }

    /// <summary>The last access of the failing task before it failed, or <see cref="None"/>.</summary>
    public int LastOwnAccess()
        => LastBefore(Failure, at => Events[at].Task == Events[Failure].Task && Events[at].IsAccess());

    /// <summary>The object that the finding names, or null.</summary>
    public string? NamedObject()
    {
        string? first = Failure < 0 ? null : Events[Failure].Place.Split([' ', '.', ',', '+'], 2)[0];
        return first is not null && first.Contains('#', StringComparison.Ordinal) ? first : null;
    }

    // Where the operation began in which the run failed; what a task does outside of one counts too.
    private int FailedOperation() => Operation[Failure] >= 0 ? Operation[Failure] : 0;

    private static int LastBefore(int at, Predicate<int> isIt)
    {
        for (at--; at >= 0; at--)
        {
            if (isIt(at))
            {
                return at;
            }
        }

        return None;
    }
}
