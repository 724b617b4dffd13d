using System.IO;
using Stress.Results;
using Xunit;

namespace Stress.Cli.Tests;

/// <summary>A circle of locks is printed with its chains, kept with the run, replayed from its file, and can be
/// switched off.</summary>
public sealed class LockOrderTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const string Circle = "locks are taken in a circle: i_mutex -> mmap_lock -> i_mutex";
    private static readonly string[] s_explore = ["explore", "locks/order-apart", "--variant", "opposite", "--out"];

    [Fact]
    public void Explore_OppositeOrders_PrintsBothChainsAndKeepsTheOrder()
    {
        Ended ended = StressProcess.Run([.. s_explore, folder.Location]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"lock-order: {Circle}", ended.Output);
        Assert.Contains("  1. writer, in write_file: takes mmap_lock while it holds i_mutex", ended.Output);
        Assert.Contains("  2. mapper, in map_file: takes i_mutex while it holds mmap_lock (read)", ended.Output);

        string latest = Path.Combine(folder.Location, "latest");
        LockOrderItem item = Assert.Single(
            ResultsJson.ReadLockOrder(File.ReadAllText(Path.Combine(latest, LockOrderFile.Name))).Items);
        Assert.Equal(["i_mutex", "mmap_lock"], item.Locks);
        RunItem summary = Assert.Single(
            ResultsJson.Read(File.ReadAllText(Path.Combine(latest, "summary.json"))).Items);
        Assert.Equal(new LockOrderFigures(2, 2, LockOrderFile.Name), summary.LockOrder);
        Assert.Equal(2, summary.Finding!.Chains!.Count);

        Ended replayed = StressProcess.Run("replay", Path.Combine(latest, summary.Finding.Trace!));
        Assert.True(replayed.ExitCode == 0, replayed.Output + replayed.Errors);
        Assert.Contains($"{Circle}, reproduced 10/10", replayed.Output);
    }

    [Fact]
    public void Hammer_OppositeOrders_PrintsBothChains()
    {
        Ended ended = StressProcess.Run(
            "hammer", "locks/order-apart", "--variant", "opposite", "--duration", "200ms", "--out", folder.Location);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"lock-order: {Circle}", ended.Output);
        Assert.Contains("  2. mapper, in map_file(): takes i_mutex while it holds mmap_lock (read)", ended.Output);
    }

    [Theory]
    [InlineData("explore", "--schedules", "200")]
    [InlineData("hammer", "--duration", "50ms")]
    public void Run_SwitchedOff_FindsNothingAndLeavesNoOrder(string command, string limit, string value)
    {
        string parent = Path.Combine(folder.Location, command);
        Ended ended = StressProcess.Run(
            command, "locks/order-apart", "--variant", "opposite", limit, value, "--lock-order", "off",
            "--out", parent);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("--lock-order off", ended.Output);
        Assert.False(File.Exists(Path.Combine(parent, "latest", LockOrderFile.Name)));
    }

    [Fact]
    public void Explore_UnknownWord_IsRefused()
    {
        Ended ended = StressProcess.Run("explore", "locks/order-apart", "--lock-order", "maybe");

        Refusal.AssertRefused(ended, "--lock-order", "maybe");
    }

    [Fact]
    public void Nightly_WithLocks_NamesTheFile()
    {
        string plan = folder.Write(
            "order.json",
            """
            {
              "selfTest": "litmus/dekker",
              "entries": [
                { "machine": "explore", "scenarios": "locks/order-nested", "schedules": 100 }
              ]
            }
            """);
        Ended ended = StressProcess.Run("nightly", "--plan", plan, "--out", folder.Location);

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        Assert.Contains("lock order of 2 items, 2 edges: ", ended.Output);
        Assert.Contains(LockOrderFile.Name, ended.Output);
    }
}
