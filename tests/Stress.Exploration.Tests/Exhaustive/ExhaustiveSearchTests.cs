using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>The exhaustive search against every interleaving of small programs, one by one.</summary>
[Collection(nameof(SmallProgram))]
public class ExhaustiveSearchTests
{
    private const int MaxInterleavings = 5_000;

    private static readonly Instruction[] s_accesses =
        [Instruction.Load, Instruction.Store, Instruction.Add, Instruction.CompareExchange, Instruction.SkipIfZero];

    private static readonly Instruction[] s_locks =
        [Instruction.LockedAdd, Instruction.LockedAdd, Instruction.Load, Instruction.Store, Instruction.SkipIfZero];

    private static readonly Instruction[] s_waits =
        [Instruction.AwaitNonZero, Instruction.Store, Instruction.Add, Instruction.Load, Instruction.LockedAdd];

    private static readonly Instruction[] s_choices =
        [Instruction.Choose, Instruction.SkipIfZero, Instruction.Store, Instruction.Load];

    private static readonly Instruction[] s_bytes =
        [Instruction.StoreByte, Instruction.Load, Instruction.Store, Instruction.Add];

    private static readonly Instruction[] s_masks =
        [Instruction.Masked, Instruction.Load, Instruction.Store, Instruction.LockedAdd];

    private static readonly Instruction[] s_folded =
        [Instruction.LockedBranch, Instruction.LockedBranch, Instruction.LockedBranch, Instruction.SkipIfZero];

    public static TheoryData<string, bool> Mixes => new()
    {
        { nameof(s_folded), false },
        { nameof(s_accesses), false },
        { nameof(s_locks), false },
        { nameof(s_waits), false },
        { nameof(s_choices), false },
        { nameof(s_bytes), false },
        { nameof(s_masks), true },
    };

    private static Instruction[] OfMix(string mix) => mix switch
    {
        nameof(s_accesses) => s_accesses,
        nameof(s_locks) => s_locks,
        nameof(s_waits) => s_waits,
        nameof(s_choices) => s_choices,
        nameof(s_bytes) => s_bytes,
        nameof(s_folded) => s_folded,
        _ => s_masks,
    };

    [Theory]
    [MemberData(nameof(Mixes))]
    public void Search_of_random_programs_runs_each_class_once(string mix, bool sharesCpus)
    {
        Instruction[] among = OfMix(mix);
        int compared = 0;
        long redundant = 0;
        for (ulong seed = 0; seed < 150; seed++)
        {
            SmallProgram.Current = SmallProgram.Draw(seed, among, sharesCpus);
            using var machine = new ExploredMachine(new ExploredProgram<SmallScenario>(), new MachineSettings());
            var collector = new ClassCollector(machine);
            if (collector.All(MaxInterleavings) is not var (classes, findings))
            {
                continue;
            }

            compared++;
            (List<string> runs, string? finding, ExhaustiveStrategy strategy) = Search(machine, collector);
            Assert.True(strategy.Diverted == 0, $"seed {seed}: {strategy.Diverted} diverted in {SmallProgram.Current}");
            redundant += strategy.Redundant;
            if (findings.Count > 0)
            {
                Assert.True(findings.Contains(finding ?? ""), $"seed {seed}: {finding} in {SmallProgram.Current}");
                continue;
            }

            Assert.True(
                runs.Count == runs.Distinct().Count(),
                $"seed {seed}: {runs.Count} runs of {runs.Distinct().Count()} classes in {SmallProgram.Current}");
            Assert.True(
                runs.ToHashSet().SetEquals(classes),
                $"seed {seed}: {runs.Count} runs, {classes.Count} classes in {SmallProgram.Current}");
        }

        Assert.True(compared > 50, $"{compared} programs compared");
        Assert.Equal(0, redundant);
    }

    private static readonly Instruction[] s_relaxed =
        [Instruction.Load, Instruction.Store, Instruction.Load, Instruction.Store, Instruction.SkipIfZero];

    private static readonly Instruction[] s_ordered =
    [
        Instruction.Load, Instruction.Store, Instruction.LoadAcquire, Instruction.StoreRelease, Instruction.FullFence,
        Instruction.WriteFence, Instruction.ReadFence,
    ];

    private static readonly Instruction[] s_updates =
        [Instruction.Load, Instruction.Store, Instruction.Add, Instruction.CompareExchange, Instruction.LockedAdd];

    private static readonly Instruction[] s_weakWaits =
        [Instruction.AwaitNonZero, Instruction.Store, Instruction.Add, Instruction.Load, Instruction.LockedAdd];

    private static readonly Instruction[] s_weakBytes =
        [Instruction.StoreByte, Instruction.Load, Instruction.Store, Instruction.Add];

    [Theory]
    [MemberData(nameof(Mixes))]
    public void Workers_that_share_a_search_miss_nothing(string mix, bool sharesCpus)
    {
        Instruction[] among = OfMix(mix);
        for (ulong seed = 0; seed < 100; seed++)
        {
            SmallProgram.Current = SmallProgram.Draw(seed, among, sharesCpus);
            ExhaustiveOutcome alone = Run(workers: 1);
            ExhaustiveOutcome shared = Run(workers: 4);
            Assert.True(
                alone.Executions <= shared.Executions || alone.Failed is not null,
                $"seed {seed}: {alone.Executions} alone, {shared.Executions} shared in {SmallProgram.Current}");
        }
    }

    private static ExhaustiveOutcome Run(int workers) => ExhaustiveSearch.Run<SmallScenario>(
        new ExploreOptions { Workers = workers, Schedules = long.MaxValue },
        new MachineSettings(ArenaBytes: 1 << 16),
        Stopwatch.StartNew(),
        new LockOrderLedger());

    [Theory]
    [InlineData(nameof(s_relaxed))]
    [InlineData(nameof(s_ordered))]
    [InlineData(nameof(s_updates))]
    [InlineData(nameof(s_weakWaits))]
    [InlineData(nameof(s_weakBytes))]
    public void Weak_search_of_random_programs_misses_no_class(string mix)
    {
        Instruction[] among = mix switch
        {
            nameof(s_relaxed) => s_relaxed,
            nameof(s_ordered) => s_ordered,
            nameof(s_updates) => s_updates,
            nameof(s_weakWaits) => s_weakWaits,
            _ => s_weakBytes,
        };
        int compared = 0;
        long runs = 0;
        long found = 0;
        for (ulong seed = 0; seed < 150; seed++)
        {
            SmallProgram.Current = SmallProgram.Draw(seed, among, sharesCpus: false);
            using var machine = new ExploredMachine(
                new ExploredProgram<SmallScenario>(), new MachineSettings { Memory = MemoryModel.Weak });
            var collector = new ClassCollector(machine);
            if (collector.All(MaxInterleavings) is not var (classes, findings))
            {
                continue;
            }

            compared++;
            (List<string> seen, string? finding, ExhaustiveStrategy strategy) = Search(machine, collector);
            if (findings.Count > 0)
            {
                Assert.True(findings.Contains(finding ?? ""), $"seed {seed}: {finding} in {SmallProgram.Current}");
                continue;
            }

            runs += seen.Count + strategy.Redundant;
            found += classes.Count;
            Assert.True(
                seen.ToHashSet().SetEquals(classes),
                $"seed {seed}: {seen.Distinct().Count()} of {classes.Count} classes in {SmallProgram.Current}");
        }

        Assert.True(compared > 50, $"{compared} programs compared");
        Assert.True(runs < 5 * found, $"{runs} runs for {found} classes");
    }

    private static (List<string> Runs, string? Finding, ExhaustiveStrategy Strategy) Search(
        ExploredMachine machine, ClassCollector collector)
    {
        List<int[]> runs = [];
        var strategy = new ExhaustiveStrategy(machine, new SearchTree());
        string? finding = null;
        do
        {
            strategy.Begin();
            machine.Run(strategy);
            strategy.Enter();
            if (!strategy.IsAbandoned)
            {
                runs.Add(machine.Decisions.ToArray());
                finding ??= machine.Finding?.Kind.ToString();
            }
        }
        while (strategy.MoveOn() && runs.Count < MaxInterleavings);
        return ([.. runs.Select(collector.Of)], finding, strategy);
    }
}
