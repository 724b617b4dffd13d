using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Channels;
using System.Threading.Tasks;
using Stress.Exploration;
using Stress.Machine;
using Stress.Machine.Native;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Running;

/// <summary>Hammers one variant and turns the result into an item.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="variant">Its variant.</param>
/// <param name="options">How to hammer.</param>
/// <param name="storySchedules">In how many schedules at most to look for a finding, for a trace; 0 for none.</param>
internal sealed class HammerJob(Scenario scenario, Variant variant, HammerOptions options, long storySchedules)
    : IScenarioVisitor<HammerResult>
{
    /// <summary>In how many schedules a finding is looked for.</summary>
    public const long DefaultStorySchedules = 200_000;

    private HammerOptions _options = options;

    /// <summary>What exploring found in place of the run's finding; null for nothing.</summary>
    public Finding? Told { get; private set; }

    public RunItem Run(Session session, Action<Func<ProgressNote>> progress)
    {
        _options = _options with { Cancel = session.Interrupt.Token };
        HammerResult result = Follow(progress);
        FindingSummary? finding = result.Finding is null ? null : Save(session.Folder, result);
        StoryFigures? story = finding is null || storySchedules == 0 ? null : Explore(session, result, progress);
        FindingSummary? same = story is { IsSame: true } ? story.Finding : null;
        string? trace = same?.Trace;
        if (finding is not null)
        {
            finding = finding with { Trace = trace, Signature = same?.Signature ?? finding.Signature };
            FindingFiles.Write(session.Folder, new FindingFile
            {
                Scenario = scenario.Name,
                Variant = variant.Name,
                Finding = finding,
                Reproduce = trace is null ? null : Reproduction.Replay(Path.Combine(session.Folder.Location, trace)),
            });
        }

        return new RunItem
        {
            Machine = "hammer",
            Scenario = scenario.Name,
            ScenarioVersion = scenario.Version,
            Variant = variant.Name,
            Expected = variant.ExpectedIn(weak: false).ToString(),
            Verdict = finding is not null ? Verdicts.Violation
                : result.Interrupted ? Verdicts.Interrupted
                : Verdicts.NoFinding,
            Outcome = Outcome(result),
            IsAsExpected = IsAsExpected(result),
            IsFindingExpected = result.Finding is not null && IsAsExpected(result),
            Seed = _options.Seed,
            ElapsedSeconds = Math.Round(result.Elapsed.TotalSeconds, 3),
            Hammered = Figure(result),
            LockOrder = session.Recorder.Add(
                LockOrderItem.Of("hammer", scenario.Name, variant.Name, result.LockOrder)),
            Finding = finding,
            Story = story,
            Reproduce = trace is null
                ? Again() : Reproduction.Replay(Path.Combine(session.Folder.Location, trace)),
        };
    }

    HammerResult IScenarioVisitor<HammerResult>.Visit<TScenario>() => Hammer.Run<TScenario>(_options);

    private StoryFigures Explore(Session session, HammerResult result, Action<Func<ProgressNote>> progress)
    {
        var story = new HammerStory(scenario, variant, result, _options.FailAlloc);
        StoryFigures figures = story.Run(session, storySchedules, progress);
        Told = story.Finding;
        return figures;
    }

    // With a thread of its own each: the pace of progress is the machine's, and a display must never slow it down.
    private HammerResult Follow(Action<Func<ProgressNote>> progress)
    {
        Channel<HammerProgress> notes = HammerProgress.NewChannel();
        _options = _options with { Progress = notes.Writer };
        var reader = Task.Run(async () =>
        {
            await foreach (HammerProgress now in notes.Reader.ReadAllAsync())
            {
                progress(() => ProgressLine.Of(scenario, variant, now, _options.Duration));
            }
        });
        HammerResult result = variant.Accept(this);
        notes.Writer.TryComplete();
        reader.Wait();
        return result;
    }

    // Real threads may miss a bug, so finding none is never a surprise; what is found has to be the expected thing. The
    // host's memory may be a weak one.
    private bool IsAsExpected(HammerResult result)
        => result.Finding is { } finding
            ? variant.Expected.IsMetBy(finding.Kind, finding.Text)
                || (finding.Kind == FindingKind.Hang && !variant.Expected.IsClean)
                || variant.KnownDefect is not null
            : !result.Interrupted;

    private static string Outcome(HammerResult result)
    {
        if (result.Finding is { } finding)
        {
            return $"{finding.Kind.Name()}: {finding.Text}";
        }

        string how = result.Interrupted ? "interrupted" : "hammered";
        return $"{how}: {Figures.Count(result.Operations, "operation")} by "
            + $"{Figures.Count(result.Threads, "thread")}, {Figures.Count(result.Checkpoints, "checkpoint")} held, "
            + "no finding";
    }

    private static HammerFigures Figure(HammerResult result) => new()
    {
        Threads = result.Threads,
        Operations = result.Operations,
        OperationsPerSecond = Math.Round(result.OperationsPerSecond),
        Checkpoints = result.Checkpoints,
        Roles = [.. result.Roles.Select(Figure)],
        Locks = [.. result.Locks.Select(l => new LockFigures(
            l.Class, l.Acquisitions, l.Contended, l.WaitTotalNs, Math.Round(l.WaitMeanNs), l.WaitMaxNs))],
        Caches = [.. result.Caches.Select(c => new CacheFigures(c.Name, c.Allocated, c.Live, c.HighWater))],
        HangReport = result.HangReport,
        Tails = result.Tails.IsEmpty ? null : [.. result.Tails.Select(tail => new TailFigures(
            tail.Task,
            result.Roles[tail.Role].Name,
            [.. tail.Operations.Select(operation => operation.ToString())],
            tail.Waits,
            tail.Holds))],
        Notes = result.Notes,
    };

    private static RoleFigures Figure(HammerRole role) => new(
        role.Name,
        role.IsWorker,
        role.Threads,
        role.Operations,
        Math.Round(role.OperationsPerSecond),
        role.Latency.P50,
        role.Latency.P90,
        role.Latency.P99,
        role.Latency.P999,
        role.Latency.Max);

    private FindingSummary Save(RunFolder folder, HammerResult result)
    {
        HammerFinding finding = result.Finding!;
        string title = $"{scenario.Name}-{variant.Name}-hammer";
        string story = folder.NewFile("stories", title, ".txt");
        AtomicFile.WriteAllText(
            Path.Combine(folder.Location, story), HammerReport.Story(finding, result) + "\n");
        return new FindingSummary
        {
            Kind = finding.Kind.Name(),
            Text = finding.Text,
            Task = finding.TaskName,
            Chains = finding.Inversion?.Lines,
            Signature = new BugSignature(
                finding.Kind.Name(),
                FindingSignature.Of(finding.Kind, finding.Text, finding.Operation).Text,
                [.. (finding.Inversion?.Steps ?? []).Select(step => step.Taken.Class)
                    .Distinct().Order(StringComparer.Ordinal)],
                finding.Operation.Length == 0 ? [] : [finding.Operation]),
            File = folder.NewFile(FindingFile.FolderName, title, ".json"),
            Story = story,
        };
    }

    private string Again()
    {
        var line = new StringBuilder();
        line.Append(
            CultureInfo.InvariantCulture,
            $"hammer {scenario.Name} --variant {variant.Name} --threads {_options.Threads} --seed {_options.Seed}");
        line.Append(CultureInfo.InvariantCulture, $" --duration {_options.Duration.TotalSeconds}s");
        line.Append(_options.Pin ? " --pin" : "");
        AppendShare(line, "--perturb", _options.Perturb);
        AppendShare(line, "--fail-alloc", _options.FailAlloc);
        line.Append(_options.LockOrder ? "" : " --lock-order off");
        line.Append(
            storySchedules == 0 ? " --no-story"
            : storySchedules == DefaultStorySchedules ? ""
            : string.Create(CultureInfo.InvariantCulture, $" --story-schedules {storySchedules}"));
        return Reproduction.Run(line.ToString());
    }

    private static void AppendShare(StringBuilder line, string option, double share)
    {
        if (share > 0)
        {
            line.Append(CultureInfo.InvariantCulture, $" {option} {share}");
        }
    }
}
