using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Stress.Cli.Tests.Own;

/// <summary>Scenarios of an assembly that the tool does not know.</summary>
public sealed class AssemblyTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void List_Assembly_HasItsScenariosToo()
    {
        Ended without = StressProcess.Run("list");
        Ended with = StressProcess.Run("list", "--assembly", Repository.OwnLocks);

        Assert.Equal(0, with.ExitCode);
        Assert.Equal(
            ["own/sequence-lock", "own/ticket-lock"],
            Names(with).Except(Names(without)).Order(StringComparer.Ordinal));
        Assert.Empty(Names(without).Except(Names(with)));
    }

    [Theory]
    [InlineData("own/ticket-lock", "correct", "sc", 0)]
    [InlineData("own/ticket-lock", "draws-in-two-steps", "sc", 1)]
    [InlineData("own/ticket-lock", "releases-relaxed", "sc", 1)]
    [InlineData("own/sequence-lock", "correct", "sc", 0)]
    [InlineData("own/sequence-lock", "correct", "weak", 0)]
    [InlineData("own/sequence-lock", "no-recheck", "sc", 1)]
    [InlineData("own/sequence-lock", "no-fence", "sc", 0)]
    [InlineData("own/sequence-lock", "no-fence", "weak", 1)]
    public void Explore_VariantOfAssembly_IsProvedRightOrFoundWrong(
        string scenario, string variant, string memory, int exitCode)
    {
        Ended ended = StressProcess.Run(
            "explore", scenario, "--variant", variant, "--strategy", "exhaustive", "--memory", memory,
            "--assembly", Repository.OwnLocks, "--out", folder.Location, "--json");

        Assert.Equal(exitCode, ended.ExitCode);
        JsonElement item = Item(ended);
        Assert.True(item.GetProperty("isAsExpected").GetBoolean(), ended.Output);
        Assert.Equal(
            exitCode == 0, item.GetProperty("outcome").GetString()!.StartsWith("verified: all ", StringComparison.Ordinal));
    }

    [Fact]
    public void Replay_TraceOfAssembly_ReproducesByTheCommandThatWasPrinted()
    {
        Ended found = StressProcess.Run(
            "explore", "own/ticket-lock", "--variant", "draws-in-two-steps",
            "--assembly", Repository.OwnLocks, "--out", folder.Location, "--json");
        string reproduce = Item(found).GetProperty("reproduce").GetString()!;
        string[] arguments = [.. reproduce.Split(" -- ")[1].Split(' ')];

        Ended replayed = StressProcess.RunIn(Repository.Root, arguments);
        Ended shrunk = StressProcess.RunIn(
            Repository.Root, ["shrink", .. arguments.Skip(1), "--out", folder.Location]);
        Ended unknown = StressProcess.RunIn(Repository.Root, "replay", arguments[1]);

        Assert.Equal(0, replayed.ExitCode);
        Assert.Contains("reproduced 10/10", replayed.Output);
        Assert.Equal(0, shrunk.ExitCode);
        Refusal.AssertRefused(unknown, "unknown scenario 'own/ticket-lock'");
    }

    [Fact]
    public void Hammer_CorrectVariantOfAssembly_RunsOnRealThreads()
    {
        Ended ended = StressProcess.Run(
            "hammer", "own/ticket-lock", "--duration", "500ms", "--assembly", Repository.OwnLocks,
            "--out", folder.Location, "--json");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("no-finding", Item(ended).GetProperty("verdict").GetString());
    }

    [Fact]
    public void Assembly_ThatIsNotThere_IsRefused()
        => Refused("no/such.dll", "no such file 'no/such.dll'", "build the project");

    [Fact]
    public void Assembly_ThatIsNone_IsRefused()
        => Refused(folder.Write("text.dll", "no assembly"), "text.dll is not a .NET assembly", "dotnet build");

    [Fact]
    public void Assembly_WithoutScenarioOrLayout_IsRefused()
        => Refused(
            Path.Combine(AppContext.BaseDirectory, "xunit.core.dll"), "has no scenario and no layout",
            "static property of type Scenario");

    [Fact]
    public void Assembly_WithANameThatIsTaken_IsRefused()
        => Refusal.AssertRefused(
            StressProcess.Run("list", "--assembly", Repository.OwnLocks, "--assembly", Repository.OwnLocks),
            "has a scenario 'own/sequence-lock', and so has", "give it another name");

    [Fact]
    public void Assembly_WithoutValue_IsRefused()
        => Refusal.AssertRefused(StressProcess.Run("list", "--assembly"), "--assembly");

    private static void Refused(string path, string what, string how)
        => Refusal.AssertRefused(
            StressProcess.Run("explore", "own/ticket-lock", "--assembly", path), "--assembly: ", what, how);

    private static string[] Names(Ended ended) =>
    [
        .. ended.Output.Split('\n').Where(line => line.Contains('/') && !line.StartsWith(' '))
            .Select(line => line.Split(':')[0]),
    ];

    private static JsonElement Item(Ended ended)
    {
        using var json = JsonDocument.Parse(ended.Output);
        return json.RootElement.GetProperty("items")[0].Clone();
    }
}
