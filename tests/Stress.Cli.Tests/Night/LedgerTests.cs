using System.IO;
using System.Linq;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class LedgerTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    // Without what has the same signature.
    private const string Plan =
        """
        {
          "selfTest": "locks/lock-owner",
          "entries": [
            { "machine": "explore", "scenarios": "hugetlb/region-add", "variants": "v7", LIMIT },
            { "machine": "explore", "scenarios": "hugetlb/region-add", "variants": "upstream*", "schedules": 50 }
          ]
        }
        """;

    [Fact]
    public void Nights_WithABugInTheSecondOne_AreNewThenGoneAndAgain()
    {
        string results = Path.Combine(folder.Location, "nights");
        Ended first = Night(results, isFound: false);
        Ended second = Night(results, isFound: true);
        Ended third = Night(results, isFound: false);
        Night(results, isFound: true);

        Assert.Contains("first night of this plan", first.Output);
        Assert.Contains("ledger: 1 new", second.Output);
        Assert.Contains("VM_BUG_ON(t - f <= 1)", second.Output);
        Assert.Contains("1 gone", third.Output);
        NightFigures[] nights = [.. StoredRun.All(results).OrderBy(run => run.Summary.Started)
            .Select(run => run.Summary.Night!)];
        LedgerLine found = Assert.Single(nights[1].Ledger, line => line.State == LedgerStates.New);
        Assert.Equal(["hugetlb/region-add@v7"], found.Places);
        Assert.Contains("region_add", found.Signature.Operations);
        Assert.EndsWith(".html", found.Story);
        Assert.Contains("replay", found.Reproduce);
        Assert.Equal(found.Id, Assert.Single(nights[2].Ledger, line => line.State == LedgerStates.Gone).Id);
        Assert.Equal(2, Assert.Single(nights[3].Ledger, line => line.State == LedgerStates.Again).Total);
    }

    [Fact]
    public void Nights_SeedNotGiven_HaveAnotherSeedEach()
    {
        string results = Path.Combine(folder.Location, "seeds");
        Night(results, isFound: true, seed: []);
        Night(results, isFound: true, seed: []);

        Assert.Equal(2, StoredRun.All(results).Select(run => run.Summary.Seed).Distinct().Count());
    }

    [Fact]
    public void Nights_HistoryLineThatCannotBeRead_IsPassedOverAndToldOf()
    {
        string results = Path.Combine(folder.Location, "corrupt");
        Night(results, isFound: true);
        string file = Assert.Single(Directory.GetFiles(Path.Combine(results, NightHistory.FolderName)));
        File.AppendAllText(file, "{ \"run\": \"cut o");
        Ended ended = Night(results, isFound: true);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains($"{file}, line 2: no night can be read there", ended.Output);
        Assert.Equal(2, NightHistory.Read(results, HostDescription.Current).Nights.Count);
        Assert.Contains("cut o", File.ReadAllText(file));
    }

    [Fact]
    public void Nights_LedgerThatCannotBeRead_IsMadeAgainFromTheNights()
    {
        string results = Path.Combine(folder.Location, "no-ledger");
        Night(results, isFound: true);
        string path = Path.Combine(results, Ledger.Name);
        Ledger before = ResultsJson.ReadLedger(File.ReadAllText(path));
        File.WriteAllText(path, "{");

        (Ledger made, string? wrong) = LedgerFile.Read(results);

        Assert.Equal(before.Bugs.Select(bug => (bug.Id, bug.Count)), made.Bugs.Select(bug => (bug.Id, bug.Count)));
        Assert.Contains(path, wrong);
        Assert.True(File.Exists(path + ".unreadable"));
    }

    [Fact]
    public void Compare_OfANightWithABugAndOneWithout_TellsOfVerdictAndBug()
    {
        string results = Path.Combine(folder.Location, "compare");
        Night(results, isFound: true);
        Night(results, isFound: false);
        string[] names =
            [.. StoredRun.All(results).OrderBy(run => run.Summary.Started).Select(run => run.Summary.Run!)];

        Ended worse = StressProcess.Run("compare", names[0], names[1], "--out", results);
        Ended same = StressProcess.Run("compare", names[0], names[0], "--out", results);

        Assert.Equal(1, worse.ExitCode);
        Assert.Contains("WORSE explore/hugetlb/region-add@v7: violation -> no-finding", worse.Output);
        Assert.Contains("gone bugs: 1", worse.Output);
        Assert.Equal(0, same.ExitCode);
        Assert.Contains("not worse", same.Output);
    }

    [Theory]
    [InlineData("compare a", "two runs")]
    [InlineData("compare no-such no-such", "there is no run")]
    [InlineData("merge no-such", "there is no run 'no-such'")]
    [InlineData("merge", "DIR is missing")]
    public void Command_RunThatIsNotThere_IsRefused(string arguments, string what)
        => Refusal.AssertRefused(StressProcess.Run([.. arguments.Split(' '), "--out", folder.Location]), what);

    private Ended Night(string results, bool isFound) => Night(results, isFound, ["--seed", "1"]);

    private Ended Night(string results, bool isFound, string[] seed)
    {
        string limit = isFound ? "\"schedules\": 20000" : "\"schedules\": 1, \"seedOffset\": 100";
        string plan = folder.Write("ledger.json", Plan.Replace("LIMIT", limit, System.StringComparison.Ordinal));
        return StressProcess.Run(["nightly", "--plan", plan, "--out", results, .. seed]);
    }
}
