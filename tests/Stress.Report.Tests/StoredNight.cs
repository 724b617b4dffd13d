using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Stress.Reporting.Pages;
using Stress.Results;

namespace Stress.Report.Tests;

/// <summary>A night on disk as a run leaves it, with names that a page must not take for its own.</summary>
public sealed class StoredNight : IDisposable
{
    public const string Hostile = "</script><script>alert(1)</script>&\"'";
    public const string Story = "  1 | writer\n  2 |   pair.Second = 1 (was 0)\n\nwriter came too late.";

    private static readonly DateTimeOffset s_began = new(2026, 11, 2, 1, 0, 0, TimeSpan.Zero);

    private static readonly int[] s_cpus = [1, 12, 56];

    private readonly string _parent = Directory.CreateTempSubdirectory("stress-report-").FullName;

    public string Location => Path.Combine(_parent, "20261102-010000-abcdef");

    internal string ReportFile => Path.Combine(Location, ReportPage.Name);

    /// <summary>Writes a night with a new bug, known ones, hammered locks, a simulation, and nights before it.</summary>
    public void WriteRed()
    {
        Write(Summary("red") with
        {
            Items = [Found(), Clean("vma/fault", "verified: all 42 executions"), Hammered(), Simulated(), Killed()],
            ExitCode = 1,
            Night = Night() with
            {
                Before = "20261101-010000-abcdef",
                Ledger = [Line(LedgerStates.New, isExpected: false), Line(LedgerStates.Gone, isExpected: true)],
                NewLockOrder = ["vma/fault: takes b while it holds a"],
                FailedGates = ["verdicts: 1 not as expected"],
                NearMisses = [new NearMiss(NearMiss.Hang, "hammer/vma/fault@stock", 0.75)],
            },
        });
        string stories = Directory.CreateDirectory(Path.Combine(Location, "stories")).FullName;
        File.WriteAllText(Path.Combine(stories, "a.txt"), Story);
        Remember(s_began.AddDays(-1), "20261101-010000-abcdef");
    }

    /// <summary>Writes a night in which nothing was wrong and little was done.</summary>
    public void WriteGreen()
        => Write(Summary("green") with { Items = [Clean("vma/fault", "sampled: 10 schedules, 9 distinct")] });

    /// <summary>Writes a summary as it stands.</summary>
    public void Write(RunSummary summary)
    {
        Directory.CreateDirectory(Location);
        File.WriteAllText(Path.Combine(Location, RunFolder.SummaryName), ResultsJson.Write(summary));
    }

    /// <summary>Enters another night into the history.</summary>
    public void Remember(DateTimeOffset began, string run)
        => NightHistory.Append(
            _parent,
            HostDescription.Current,
            NightRecord.Of(Summary(run) with { Run = run, Started = began, Items = [Hammered()] }, 0));

    public string Page() => ReportPage.Of(ReportData.Read(Location));

    public static RunSummary Summary(string plan) => RunSummary.Begin(s_began, ["nightly", "--plan", plan], 7, 5) with
    {
        Run = "20261102-010000-abcdef",
        Folder = "results/20261102-010000-abcdef",
        State = RunStates.Finished,
        ExitCode = 0,
        ElapsedSeconds = 12,
        Night = Night(),
    };

    public static RunItem Found() => Item("explore", "own/" + Hostile, "clean") with
    {
        Verdict = Verdicts.Violation,
        IsAsExpected = false,
        Outcome = "invariant: " + Hostile,
        Explored = new Coverage("random", "real", 10, 10, 9, true, 10),
        Replayed = new ReplayFigures(5, 5, null),
        Finding = new FindingSummary
        {
            Kind = "invariant",
            Text = "both values or none " + Hostile,
            Task = "reader",
            Signature = Signature,
            Story = "stories/a.txt",
            StoryPage = "stories/a.html",
            Trace = "traces/a b.json",
            Decides = "writer before reader",
        },
    };

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    private static BugSignature Signature { get; } = new("invariant", "both values or none", ["a_lock"], ["read"]);

    private static NightFigures Night() => new()
    {
        Plan = "plan",
        PlanHash = "0011",
        SelfTests = 2,
    };

    private static RunItem Clean(string scenario, string outcome) => Item("explore", scenario, "clean") with
    {
        Outcome = outcome,
        Explored = new Coverage("random", "real", 10, 10, 9, true, 10),
    };

    private static RunItem Killed() => Item("explore", "hugetlb/region-add", "bug") with
    {
        Variant = "v7",
        Verdict = Verdicts.Violation,
        Explored = new Coverage("random", "real", 10, 10, 9, true, 10),
        Finding = new FindingSummary { Kind = "bug", Text = "VM_BUG_ON", Task = "first", Schedule = 143 },
    };

    private static RunItem Hammered() => Item("hammer", "vma/fault", "clean") with
    {
        Hammered = new HammerFigures
        {
            Threads = 4,
            Operations = 1000,
            OperationsPerSecond = 500,
            Checkpoints = 1,
            Roles = [],
            Caches = [],
            Locks = [new LockFigures("mmap_lock", 1000, 100, 9_000_000, 90_000, 2_000_000)],
        },
    };

    private static RunItem Simulated() => Item("simulate", "vma/anon-fault", "a comparison") with
    {
        Simulated = new SimulationFigures(
            "broadwell-ep-2s", "2x Xeon", true, 100, [.. Cells("stock"), .. Cells("line4")]),
    };

    private static IEnumerable<SimulationCellFigures> Cells(string layout)
        => s_cpus.Select(cpus => new SimulationCellFigures(
            layout, cpus, 500_000 * Math.Sqrt(cpus), 400_000, 0, 1, 1, 1, 0, [], []));

    private static RunItem Item(string machine, string scenario, string expected) => new()
    {
        Key = $"{machine}/{scenario}@stock",
        Machine = machine,
        Scenario = scenario,
        ScenarioVersion = 1,
        Variant = "stock",
        Expected = expected,
        Verdict = Verdicts.NoFinding,
        Outcome = "nothing",
        IsAsExpected = true,
        Seed = 7,
        ElapsedSeconds = 1.5,
        Reproduce = $"dotnet run -c Release --project stress -- {machine} {scenario}",
    };

    private static LedgerLine Line(string state, bool isExpected) => new(
        state, Signature.Id, Signature, isExpected, 1, 3, s_began, ["own/lock@stock"]);
}
