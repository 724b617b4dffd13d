using System;
using System.Linq;
using System.Text.Json;
using Stress.Machine;
using Stress.Scenarios;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class ListTests
{
    [Fact]
    public void List_Scenarios_NamesEachWithItsVariants()
    {
        Ended ended = StressProcess.Run("list");

        Assert.Equal(0, ended.ExitCode);
        Assert.All(Catalog.All, scenario => Assert.Contains(scenario.Name, ended.Output));
    }

    [Fact]
    public void List_Variants_NamesEachWithItsExpectation()
    {
        Ended ended = StressProcess.Run("list", "variants");

        Assert.Equal(0, ended.ExitCode);
        string[] lines = ended.Output.Split('\n');
        Assert.All(
            Catalog.All.SelectMany(scenario => scenario.Variants),
            variant => Assert.Contains(lines, line => line.Contains($" {variant.Name} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void List_Json_IsTheWholeCatalog()
    {
        Ended ended = StressProcess.Run("list", "--json");

        Assert.Equal(0, ended.ExitCode);
        using var json = JsonDocument.Parse(ended.Output);
        Assert.Equal(
            Catalog.All.Select(scenario => scenario.Name),
            json.RootElement.EnumerateArray().Select(scenario => scenario.GetProperty("name").GetString()));
        Assert.Equal(
            Catalog.All.SelectMany(scenario => scenario.Variants).Select(variant => variant.Expected.ToString()),
            json.RootElement.EnumerateArray()
                .SelectMany(scenario => scenario.GetProperty("variants").EnumerateArray())
                .Select(variant => variant.GetProperty("expected").GetString()));
    }

    [Fact]
    public void Catalog_Names_AreUniqueAndTwinsExist()
    {
        Assert.NotEmpty(Catalog.All);
        Assert.Equal(Catalog.All.Count, Catalog.All.Select(scenario => scenario.Name).Distinct().Count());
        foreach (Scenario scenario in Catalog.All)
        {
            Assert.Equal(scenario.Variants.Count, scenario.Variants.Select(variant => variant.Name).Distinct().Count());
            Assert.All(
                scenario.Variants.Where(variant => variant.CorrectTwin is not null),
                variant => Assert.Contains(
                    scenario.Variants, other => other.Name == variant.CorrectTwin && other.Expected.IsClean));
        }
    }
}
