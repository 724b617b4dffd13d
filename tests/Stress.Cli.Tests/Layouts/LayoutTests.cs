using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Stress.Machine;
using Stress.Mm.Vma;
using Xunit;

namespace Stress.Cli.Tests.Layouts;

public sealed class LayoutTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void Layout_Stock_TellsFieldsLinesUseAndPlacement()
    {
        Ended ended = StressProcess.Run("layout", "stock");

        Assert.Equal(0, ended.ExitCode);
        string[] lines = ended.Output.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.Contains(lines, line => IsRow(line, "32", "8", "VmFlags") && line.EndsWith("read-mostly", StringComparison.Ordinal));
        Assert.Contains(lines, line => IsRow(line, "0", "8", "Lock.Count")
            && line.EndsWith("written by every CPU", StringComparison.Ordinal));
        Assert.Contains(lines, line => IsRow(line, "168", "8", "UserfaultfdCtx") && line.EndsWith("cold", StringComparison.Ordinal));
        Assert.Contains("---- line 1, at 64 ----", lines);
        Assert.Contains("==== line 2, at 128, next pair ====", lines);
        Assert.Contains("        hole of 3 bytes", lines);
    }

    [Fact]
    public void Layout_Json_SaysWhatFaultsWrite()
    {
        using JsonDocument json = Json("layout", "--json");
        Dictionary<string, JsonElement> layouts = json.RootElement.EnumerateArray()
            .ToDictionary(layout => layout.GetProperty("name").GetString()!);

        Assert.Equal(VmaLayouts.All.Select(layout => layout.Name), layouts.Keys);
        Assert.Equal(["Lock.Count", "Lock.Owner"], Written(layouts["stock"]));
        Assert.Equal(["VmLock.Count", "VmLock.Owner"], Written(layouts["embedded-line4"]));
        Assert.Equal(["VmLock.Count", "VmLock.Owner"], Written(layouts["lock-first"]));
        Assert.Equal(["VmRefcnt"], Written(layouts["refcount"]));
    }

    [Fact]
    public void Layout_StockPlacement_IsThatOfASlabWithoutAlignment()
    {
        using JsonDocument json = Json("layout", "stock", "embedded-line4", "embedded-pair", "--json");
        JsonElement[] placements = [.. json.RootElement.EnumerateArray().Select(card => card.GetProperty("placement"))];

        // Objects of a multiple of 16 bytes: all four offsets in a line occur, about equally often.
        JsonProperty[] offsets = [.. placements[0].GetProperty("vmasInLine").EnumerateObject()];
        Assert.Equal(["0", "16", "32", "48"], offsets.Select(offset => offset.Name));
        Assert.All(offsets, offset => Assert.InRange(offset.Value.GetDouble(), 0.2, 0.3));

        // Locks of 40 bytes: one in eight has its two hot words on two lines.
        Assert.InRange(placements[0].GetProperty("locksStraddling").GetDouble(), 0.10, 0.15);
        Assert.Equal(1.0, placements[0].GetProperty("locksSharingLine").GetDouble());
        Assert.Equal(0.0, placements[1].GetProperty("locksSharingLine").GetDouble());
        Assert.Equal(0.0, placements[1].GetProperty("locksStraddling").GetDouble());
        Assert.Equal("0", Assert.Single(placements[2].GetProperty("locksInPair").EnumerateObject()).Name);
    }

    [Fact]
    public void Layout_Diff_ListsExactlyWhatMoved()
    {
        using JsonDocument json = Json("layout", "--diff", "stock", "embedded-line4", "--json");
        string[] moved = [.. json.RootElement.GetProperty("moved").EnumerateArray()
            .Select(found => found.GetProperty("name").GetString()!)];

        Assert.Contains("VmLock", moved);
        Assert.Contains("VmDummy", moved);
        Assert.Contains("VmLock.Count", moved);
        Assert.All(moved, name => Assert.True(
            name == "VmDummy" || name.StartsWith("VmLock", StringComparison.Ordinal), $"{name} has not moved"));
    }

    [Fact]
    public void Layout_DiffOfLockFirst_ListsEveryField()
    {
        using JsonDocument json = Json("layout", "stock", "lock-first", "--diff", "--json");
        HashSet<string> moved = [.. json.RootElement.GetProperty("moved").EnumerateArray()
            .Select(found => found.GetProperty("name").GetString()!)];

        Assert.All(VmaLayoutFields.Of(VmaLayouts.All[0]), field => Assert.Contains(field.Name, moved));
    }

    [Fact]
    public void Layout_DiffOfOneWithItself_IsEmpty()
    {
        using JsonDocument json = Json("layout", "stock", "separate-aligned", "--diff", "--json");

        Assert.Empty(json.RootElement.GetProperty("moved").EnumerateArray());
    }

    [Fact]
    public void OwnLayout_JoinsTheOthers()
    {
        using JsonDocument json = Json("layout", "rear-lock", "stock", "--assembly", Repository.OwnLayouts, "--json");
        JsonElement own = json.RootElement[0];

        Assert.Equal("rear-lock", own.GetProperty("name").GetString());
        Assert.Equal(["VmLock.Count", "VmLock.Owner"], Written(own));
    }

    [Fact]
    public void Layout_Wrong_IsRefusedInOneLine()
    {
        Refusal.AssertRefused(StressProcess.Run("layout", "stok"), "unknown layout 'stok'", "stock");
        Refusal.AssertRefused(StressProcess.Run("layout", "stock", "--diff"), "--diff compares two layouts, not 1");
        Refusal.AssertRefused(
            StressProcess.Run("layout", "--assembly", Repository.OwnLayouts, "--assembly", Repository.OwnLayouts),
            "layout 'rear-lock' of", "has a name that is taken", "[VmaLayout]");
        Refusal.AssertRefused(
            StressProcess.Run("simulate", "vma/anon-fault", "--layouts", "rear-lock"), "rear-lock");
    }

    [Fact]
    public void OwnLayout_IsSimulatedBesideTheOthers()
    {
        using JsonDocument json = Json(
            "simulate", "vma/anon-fault", "--layouts", "stock,rear-lock", "--cpus", "1,4", "--operations", "100",
            "--assembly", Repository.OwnLayouts, "--out", folder.Location, "--json");

        Assert.Contains("rear-lock", json.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void OwnLayout_IsExploredBesideTheOthers()
    {
        Ended ended = StressProcess.Run(
            "explore", "vma/anon-fault", "--variant", "rear-lock", "--schedules", "200", "--assembly", Repository.OwnLayouts,
            "--out", folder.Location);
        Assert.True(ended.ExitCode == 0, ended.Errors + ended.Output);
    }

    [Fact]
    public void List_Layouts_NamesEach()
    {
        Ended ended = StressProcess.Run("list", "layouts");

        Assert.Equal(0, ended.ExitCode);
        Assert.All(VmaLayouts.All, layout => Assert.Contains($"{layout.Name}: {layout.Summary}", ended.Output));
        using JsonDocument json = Json("list", "layouts", "--json");
        Assert.Equal(
            VmaLayouts.All.Select(layout => layout.Name),
            json.RootElement.EnumerateArray().Select(layout => layout.GetProperty("name").GetString()));
    }

    [Fact]
    public void AnonFault_Variants_AreTheLayouts()
    {
        Scenario scenario = Scenarios.Catalog.All.Single(scenario => scenario.Name == "vma/anon-fault");

        Assert.Equal(
            VmaLayouts.All.Select(layout => layout.Name),
            scenario.Variants.Select(variant => variant.Name).Take(VmaLayouts.All.Count));
    }

    private static JsonDocument Json(params string[] args)
    {
        Ended ended = StressProcess.Run(args);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        return JsonDocument.Parse(ended.Output);
    }

    private static IEnumerable<string> Written(JsonElement layout)
        => layout.GetProperty("structs").EnumerateArray()
            .SelectMany(made => made.GetProperty("fields").EnumerateArray())
            .Where(field => field.GetProperty("pattern").GetString() == "written by every CPU")
            .Select(field => field.GetProperty("name").GetString()!);

    private static bool IsRow(string line, params string[] cells)
        => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(cells.Length).SequenceEqual(cells);
}
