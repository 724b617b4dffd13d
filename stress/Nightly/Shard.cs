using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.CommandLine;

namespace Stress.Nightly;

/// <summary>One part of a plan of several.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Count">Of how many.</param>
internal sealed record Shard(int Number, int Count)
{
    private const int Most = 10_000;
    private const string SlurmId = "SLURM_ARRAY_TASK_ID";
    private const string SlurmCount = "SLURM_ARRAY_TASK_COUNT";
    private const string SlurmLeast = "SLURM_ARRAY_TASK_MIN";
    private const string SlurmStep = "SLURM_ARRAY_TASK_STEP";
    private const string IndexedJob = "JOB_COMPLETION_INDEX";

    /// <summary>An indexed job is not told how many there are: its manifest has to.</summary>
    public const string CountOfJobs = "STRESS_SHARD_COUNT";

    /// <summary>The whole plan.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Reads <c>k/n</c>.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Shard Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2 && Digits(parts[0]) is { } k && Digits(parts[1]) is { } n
            && k >= 1 && k <= n && n <= Most
            ? new Shard(k, n)
            : throw new FormatException(
                $"'{text}' is not a shard: k/n with k from 1 to n and n at most {Most}, such as 2/8");
    }

    /// <summary>The part that a batch system gives to this process; null outside of one.</summary>
    /// <param name="variable">Reads an environment variable; null where it is not set.</param>
    /// <exception cref="UsageException">The environment does not fit together.</exception>
    public static Shard? FromEnvironment(Func<string, string?> variable)
    {
        if (variable(SlurmId) is { } id)
        {
            int step = Read(SlurmStep, variable(SlurmStep) ?? "1");
            int least = Read(SlurmLeast, variable(SlurmLeast) ?? "0");
            int count = Read(SlurmCount, variable(SlurmCount) ?? Missing(SlurmId, SlurmCount));
            return Checked(SlurmId, (Read(SlurmId, id) - least) / Math.Max(1, step), count);
        }

        return variable(IndexedJob) is { } index
            ? Checked(
                IndexedJob,
                Read(IndexedJob, index),
                Read(CountOfJobs, variable(CountOfJobs) ?? Missing(IndexedJob, CountOfJobs)))
            : null;
    }

    /// <summary>The items of this part. All parts together have each item once, whoever asks.</summary>
    public IReadOnlyList<PlanItem> Of(IReadOnlyList<PlanItem> items)
        => [.. items.Where((_, index) => index % Count == Number - 1)];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    private static int? Digits(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static int Read(string name, string text)
        => Digits(text) ?? throw new UsageException(
            $"environment: {name} is '{text}', not a whole number; put it right, or give --shard k/n");

    private static string Missing(string has, string lacks)
        => throw new UsageException(
            $"environment: {has} is set and {lacks} is not; set it to the number of shards, or give --shard k/n");

    private static Shard Checked(string name, int index, int count)
        => index >= 0 && index < count && count <= Most
            ? new Shard(index + 1, count)
            : throw new UsageException(
                $"environment: {name} makes this shard {index + 1} of {count}; put it right, or give --shard k/n");
}
