using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class PlanSchemaTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private const string Unknown = "zzzzzzzzzzzzzzzzzzzzzzzz";

    [Theory]
    [InlineData("properties", "{ \"" + Unknown + "\": 1 }")]
    [InlineData("properties/gates/properties", "{ \"gates\": { \"" + Unknown + "\": 1 } }")]
    [InlineData("$defs/entry/properties", "{ \"entries\": [ { \"" + Unknown + "\": 1 } ] }")]
    public void Schema_Fields_AreThoseThatAPlanMayHave(string where, string plan)
    {
        JsonElement element = Schema();
        foreach (string part in where.Split('/'))
        {
            element = element.GetProperty(part);
        }

        Ended ended = StressProcess.Run("nightly", "--plan", folder.Write("fields.json", plan));
        Refusal.AssertRefused(ended, "unknown field; known: ");
        string known = ended.ErrorLines[0].Split("known: ")[1].Trim();

        Assert.Equal(
            known.Split(", ").Order(StringComparer.Ordinal),
            element.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Schema_Machines_AreThoseThatAPlanMayName()
    {
        Ended ended = StressProcess.Run(
            "nightly", "--plan", folder.Write("machine.json", "{ \"entries\": [ { \"machine\": \"none\" } ] }"));
        Refusal.AssertRefused(ended, "'none' is not available; available: ");
        IEnumerable<string?> machines = Schema().GetProperty("$defs").GetProperty("entry").GetProperty("properties")
            .GetProperty("machine").GetProperty("enum").EnumerateArray().Select(word => word.GetString());

        Assert.Equal(ended.ErrorLines[0].Split("available: ")[1].Trim(), string.Join(", ", machines));
    }

    [Theory]
    [InlineData("quick")]
    [InlineData("full")]
    public void Plan_ThatComesWithTheTool_ExpandsToAllSubsystems(string plan)
    {
        Ended ended = StressProcess.Run("nightly", "--plan", plan, "--dry-run");

        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.All(
            ["vma/", "hugetlb/", "list-lru/", "zone/", "metadata/", "locks/", "mm/"],
            part => Assert.Contains(part, ended.Output));
        Assert.Contains("nothing was run", ended.Output);
    }

    [Theory]
    [InlineData("{ \"gates\": { \"verdicts\": \"maybe\" } }", "gates.verdicts", "fail, report")]
    [InlineData("{ \"budget\": \"long\" }", "budget", "not a duration")]
    [InlineData(
        "{ \"selfTest\": \"no/*\", \"entries\": [ { \"machine\": \"corpus\", \"seeds\": 1 } ] }", "selfTest", "no/*")]
    [InlineData("{ \"entries\": [ { \"machine\": \"corpus\", \"duration\": \"1s\" } ] }", "entries[0]", "'seeds'")]
    [InlineData("{ \"entries\": [ { \"machine\": \"explore\", \"seeds\": 1 } ] }", "entries[0]", "corpus")]
    [InlineData(
        "{ \"entries\": [ { \"machine\": \"hammer\", \"duration\": \"1s\", \"memory\": \"weak\" } ] }",
        "entries[0]",
        "explore")]
    [InlineData(
        "{ \"entries\": [ { \"machine\": \"simulate\", \"cpus\": \"1\" } ] }", "entries[0]", "needs 'layouts'")]
    [InlineData(
        "{ \"entries\": [ { \"machine\": \"simulate\", \"layouts\": \"stock\", \"cpus\": \"57\" } ] }",
        "entries[0]",
        "has 56 CPUs")]
    [InlineData(
        "{ \"entries\": [ { \"machine\": \"simulate\", \"layouts\": \"stock\", \"cpus\": \"1\", \"machineFile\": \"no\" } ] }",
        "entries[0]",
        "no")]
    [InlineData(
        "{ \"entries\": [ { \"machine\": \"layout\", \"threads\": 2 } ] }", "entries[0]", "explore and hammer")]
    [InlineData(
        "{ \"entries\": [ { \"machine\": \"explore\", \"layouts\": \"stock\" } ] }", "entries[0]", "simulate")]
    [InlineData(
        "{ \"entries\": [ { \"machine\": \"bench\", \"layouts\": \"stock\" } ] }", "entries[0]", "needs 'filter'")]
    public void Plan_WrongField_SaysWhere(string plan, string where, string what)
        => Refusal.AssertRefused(
            StressProcess.Run("nightly", "--plan", folder.Write(Path.GetRandomFileName(), plan)), where, what);

    private static JsonElement Schema()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Stress.sln")))
        {
            root = root.Parent;
        }

        string path = Path.Combine(root.FullName, "docs", "plan.schema.json");
        using var schema = JsonDocument.Parse(File.ReadAllText(path));
        return schema.RootElement.Clone();
    }
}
