using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Stress.CommandLine;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>Shards of one night, which belong together.</summary>
internal sealed class ShardSet
{
    private const int IdDigits = 6;

    private readonly IReadOnlyList<(StoredRun Run, NightSchedule Schedule)> _shards;

    private ShardSet(IReadOnlyList<(StoredRun Run, NightSchedule Schedule)> shards) => _shards = shards;

    /// <summary>The shards, by their numbers.</summary>
    public IEnumerable<StoredRun> Runs => _shards.Select(shard => shard.Run);

    /// <summary>What the night was to run, as far as its shards are there.</summary>
    public NightSchedule Schedule => _shards[0].Schedule with
    {
        Shard = 1,
        Shards = 1,
        Items = [.. _shards.SelectMany(shard => shard.Schedule.Items)],
    };

    /// <summary>Numbers of the shards that are not there, or not at their end.</summary>
    public IReadOnlyList<int> Missing
        =>
        [
            .. Enumerable.Range(1, _shards[0].Schedule.Shards).Except(
                _shards.Where(shard => shard.Run.Summary.Night is not null).Select(shard => shard.Schedule.Shard)),
        ];

    /// <summary>The same for the same shards in the same state: when the first began, and a hash.</summary>
    public string Name
    {
        get
        {
            IEnumerable<string> parts = _shards.Select(
                shard => $"{shard.Run.Summary.Run} {shard.Run.Summary.Items.Count}");
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
            return $"{_shards.Min(shard => RunFolder.StampOf(shard.Run.Summary.Started))}-"
                + Convert.ToHexStringLower(hash)[..IdDigits];
        }
    }

    /// <summary>Reads shards.</summary>
    /// <param name="folders">Their folders, or folders that they are in.</param>
    /// <exception cref="UsageException">They do not belong together, or cannot be read.</exception>
    public static ShardSet Open(IReadOnlyList<string> folders)
    {
        try
        {
            var shards = folders.SelectMany(Find).DistinctBy(run => run.Summary.Run)
                .Select(run => (Run: run, Schedule: run.Schedule())).OrderBy(shard => shard.Schedule.Shard).ToList();
            foreach ((StoredRun run, NightSchedule schedule) in shards)
            {
                Require(shards[0].Run, shards[0].Schedule, run, schedule);
            }

            IGrouping<int, (StoredRun Run, NightSchedule Schedule)>? twice = shards
                .GroupBy(shard => shard.Schedule.Shard).FirstOrDefault(same => same.Count() > 1);
            return twice is null ? new ShardSet(shards)
                : throw new UsageException(
                    $"shard {twice.Key} is there more than once: "
                    + $"{string.Join(", ", twice.Select(shard => shard.Run.Location))}; leave all but one out");
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"merge: {e.Message}");
        }
    }

    private static IEnumerable<StoredRun> Find(string folder)
    {
        bool isParent = Directory.Exists(folder) && !File.Exists(Path.Combine(folder, RunFolder.SummaryName));
        if (!isParent)
        {
            return [StoredRun.Open(folder)];
        }

        List<StoredRun> inside = [.. StoredRun.All(folder).Where(run => run.IsNight && run.Schedule().Shards > 1)];
        return inside.Count > 0 ? inside
            : throw new InvalidDataException($"there is no shard of a night in '{folder}'; name the shards' folders");
    }

    private static void Require(StoredRun first, NightSchedule asked, StoredRun run, NightSchedule schedule)
    {
        if (schedule.Shards == 1)
        {
            throw new UsageException($"merge: {run.Location} is a whole night, not a shard; leave it out");
        }

        string? what = asked.PlanHash != schedule.PlanHash ? "plan"
            : asked.Shards != schedule.Shards ? "number of shards"
            : asked.Seed != schedule.Seed ? "seed"
            : asked.BudgetSeconds != schedule.BudgetSeconds ? "budget"
            : (first.Summary.Tool, first.Summary.Commit) != (run.Summary.Tool, run.Summary.Commit) ? "version or commit"
            : null;
        if (what is not null)
        {
            throw new UsageException(
                $"merge: {first.Location} and {run.Location} do not belong together: the {what} is not the same; "
                + "merge shards of one night");
        }
    }
}
