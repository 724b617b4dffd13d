using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Xunit;

namespace Stress.Exploration.Tests;

/// <summary>The page needs nothing else, and holds what the story holds.</summary>
public sealed class StoryPageTests
{
    private const string Nasty = "</script><b>\"&'";

    private static readonly Story s_story = new StoryWriter(
        Told.Plan("first", "other"), Told.LastEntry, new DecidingPair(12, 16)).Tell();

    private static readonly string s_page = s_story.ToHtml(
        new StoryTitle("hugetlb/region-add", "v7", "stress replay trace.json"));

    [Fact]
    public void Html_NeedsNothingElse()
    {
        Assert.DoesNotMatch(
            "(?i)https?://|//[a-z]+\\.|@import|url\\(|\\ssrc=|\\shref=|fetch\\(|XMLHttpRequest", s_page);
        Assert.DoesNotContain("{{", s_page, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_IsWellFormedAndSaysTheFindingFirst()
    {
        XElement page = Parse(s_page);

        string[] head = [.. page.Descendants("header").Single().Elements().Select(part => part.Value)];
        Assert.Equal("hugetlb/region-add, variant v7", head[0]);
        Assert.Equal("bug: VM_BUG_ON(t - f <= 1)", head[1]);
        Assert.Equal(s_story.Closing, head[2]);
        Assert.StartsWith("stress replay trace.json", head[3], StringComparison.Ordinal);
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Html_HasARowAndAnEntryForEachEvent()
    {
        XElement page = Parse(s_page);
        XElement[] rows = [.. page.Descendants("table").Single(table => (string?)table.Attribute("id") == "events")
            .Element("tbody")!.Elements()];
        JsonElement data = Data(page);

        Assert.Equal(Told.LastEntry.Count, rows.Length);
        Assert.Equal(Told.LastEntry.Count, data.GetProperty("events").GetArrayLength());
        Assert.Equal(s_story.Rows.Select(row => row.Text),
            data.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("text").GetString()));
        Assert.Equal([13, 17], Numbers(data, "deciding"));
        Assert.Equal(13, data.GetProperty("start").GetInt32());
        Assert.Equal(2, rows.Count(row => row.Attribute("class")!.Value.Split(' ').Contains("deciding")));
    }

    [Fact]
    public void Html_LocksAndValues_FollowTheEvents()
    {
        JsonElement data = Data(Parse(s_page));

        JsonElement spans = Assert.Single(data.GetProperty("locks").EnumerateArray()).GetProperty("spans");
        Assert.Equal(
            ["0 holds 1-3", "1 holds 10-13", "0 waits 11-15", "0 holds 15-18"],
            spans.EnumerateArray().Select(span => $"{span.GetProperty("task")} {span.GetProperty("use")} "
                + $"{span.GetProperty("from")}-{span.GetProperty("to")}"));
        JsonElement write = data.GetProperty("events")[12];
        Assert.Equal("0", write.GetProperty("after").GetString());
        Assert.Equal("Cache", data.GetProperty("cells")[write.GetProperty("cell").GetInt32()].GetString());
    }

    [Fact]
    public void Html_NastyText_IsEscaped()
    {
        TraceEvent[] events =
        [
            Told.Call(0, Nasty, Nasty),
            Told.Writes(0, Nasty, "0", "{{rows}}"),
            Told.Fails(0, Nasty),
        ];

        string page = new StoryWriter(Told.Plan(Nasty), events).Tell().ToHtml(new StoryTitle(Nasty, Nasty, Nasty));

        Assert.Equal(2, Regex.Count(page, "</script>"));
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Contains(Nasty, Data(Parse(page)).GetProperty("events")[0].GetProperty("text").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Html_VeryManyEvents_FoldsLoopsAndKeepsTheNumbers()
    {
        List<TraceEvent> events = [.. Enumerable.Range(0, 5000).Select(_ => Told.Reads(0, "flag", "0"))];
        events.Add(Told.Fails(0, "no end", "step-bound"));

        JsonElement data = Data(Parse(
            new StoryWriter(Told.Plan("only"), events).Tell().ToHtml(new StoryTitle("a/b", "c", "d"))));

        Assert.Equal([1, 5000, 5001], data.GetProperty("events").EnumerateArray()
            .Select(told => told.GetProperty("number").GetInt32()));
    }

    [Fact]
    public void Html_RealFinding_HoldsAllItsEvents()
    {
        Story story = Explore.Run<Specimen<LocksInOppositeOrder>>().Finding!.Telling!;

        JsonElement data = Data(Parse(story.ToHtml(new StoryTitle("a/b", "c", "d"))));

        Assert.Equal(story.Events.Count, data.GetProperty("events").GetArrayLength());
        Assert.Equal(2, data.GetProperty("locks").GetArrayLength());
    }

    private static int[] Numbers(JsonElement data, string mark)
        => [.. data.GetProperty("events").EnumerateArray()
            .Where(told => told.TryGetProperty("mark", out JsonElement kind) && kind.GetString() == mark)
            .Select(told => told.GetProperty("number").GetInt32())];

    private static XElement Parse(string page)
    {
        using var reader = XmlReader.Create(
            new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    private static JsonElement Data(XElement page)
    {
        string json = page.Descendants("script").Single(script => (string?)script.Attribute("id") == "data").Value;
        return JsonDocument.Parse(json).RootElement;
    }
}
