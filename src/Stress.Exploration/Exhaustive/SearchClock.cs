using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Stress.Exploration;

/// <summary>Says when a search ends early, and reports how far it is. For one worker.</summary>
/// <param name="options">How long it may go on, and who wants to know.</param>
/// <param name="watch">Since when it does.</param>
/// <param name="ofWorkers">Runs of each worker; asked when it is reported.</param>
internal sealed class SearchClock(ExploreOptions options, Stopwatch watch, Func<IReadOnlyList<long>> ofWorkers)
{
    private const int ProgressMilliseconds = 200;

    private long _reportAt = ProgressMilliseconds;

    /// <summary>Whether the search goes on.</summary>
    /// <param name="executions">Runs so far.</param>
    /// <param name="share">The part of the search that is over, estimated; asked when it is reported.</param>
    public bool GoesOn(long executions, Func<double> share)
    {
        if (options.Cancel.IsCancellationRequested || watch.Elapsed > options.Duration
            || executions >= options.Schedules)
        {
            return false;
        }

        if (options.Progress is { } progress && watch.ElapsedMilliseconds >= _reportAt)
        {
            _reportAt = watch.ElapsedMilliseconds + ProgressMilliseconds;
            progress(new ExploreProgress(executions, options.Schedules, watch.Elapsed)
            {
                Share = share(),
                OfWorkers = ofWorkers(),
            });
        }

        return true;
    }
}
