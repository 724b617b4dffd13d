using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Stress.CommandLine;

namespace Stress.Nightly;

/// <summary>Reads a plan, and says file, line and field where it is wrong.</summary>
internal sealed class PlanReader
{
    private static readonly string[] s_planFields = ["summary", "entries"];

    private readonly string _name;
    private readonly byte[] _text;

    private PlanReader(string name, byte[] text)
    {
        _name = name;
        _text = text;
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="name">A file, or the name of a plan that comes with the tool.</param>
    /// <exception cref="UsageException">There is none, or it is wrong.</exception>
    public static Plan Read(string name)
    {
        if (BuiltInPlans.TryGet(name) is { } builtIn)
        {
            return new PlanReader(name, builtIn).Read();
        }

        if (!File.Exists(name))
        {
            string near = NearestName.Suggestion(name, BuiltInPlans.Names);
            throw new UsageException($"unknown plan '{name}': there is no such file"
                + (near.Length > 0 ? near : $"; with the tool come: {string.Join(", ", BuiltInPlans.Names)}"));
        }

        try
        {
            return new PlanReader(name, File.ReadAllBytes(name)).Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"plan '{name}': {e.Message}");
        }
    }

    private Plan Read()
    {
        try
        {
            return ReadPlan();
        }
        catch (JsonException e)
        {
            string what = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new UsageException($"plan '{_name}', line {e.LineNumber + 1}: not valid JSON: {what}");
        }
    }

    private Plan ReadPlan()
    {
        var json = new Utf8JsonReader(
            _text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        json.Read();
        Expect(json, JsonTokenType.StartObject, "", "an object");
        string summary = "";
        List<PlanEntry>? entries = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string field = json.GetString()!;
            switch (field)
            {
                case "summary":
                    json.Read();
                    Expect(json, JsonTokenType.String, field, "a text");
                    summary = json.GetString()!;
                    break;
                case "entries":
                    entries = ReadEntries(ref json);
                    break;
                default:
                    throw Unknown(json, field, field, s_planFields);
            }
        }

        // Reading on finds what stands behind the plan.
        json.Read();
        return entries is { Count: > 0 }
            ? new Plan(_name, summary, entries)
            : throw new UsageException(
                $"plan '{_name}': 'entries' is missing or empty; a plan needs at least one entry");
    }

    private List<PlanEntry> ReadEntries(ref Utf8JsonReader json)
    {
        json.Read();
        Expect(json, JsonTokenType.StartArray, "entries", "a list");
        var entries = new List<PlanEntry>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            string at = $"entries[{entries.Count}]";
            Expect(json, JsonTokenType.StartObject, at, "an object");
            entries.Add(ReadEntry(ref json, at));
        }

        return entries;
    }

    private PlanEntry ReadEntry(ref Utf8JsonReader json, string at)
    {
        var entry = new PlanEntry { Line = LineOf(json) };
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string field = json.GetString()!;
            if (!PlanFields.All.TryGetValue(field, out Func<PlanEntry, string, PlanEntry>? set))
            {
                throw Unknown(json, $"{at}.{field}", field, PlanFields.All.Keys);
            }

            json.Read();
            if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
            {
                throw Wrong(json, $"{at}.{field}", "a text or a number is expected");
            }

            string value = json.TokenType == JsonTokenType.String
                ? json.GetString()!
                : Encoding.UTF8.GetString(json.ValueSpan);
            try
            {
                entry = set(entry, value);
            }
            catch (FormatException e)
            {
                throw Wrong(json, $"{at}.{field}", e.Message);
            }
        }

        return PlanFields.WhatIsWrong(entry) is { } wrong
            ? throw new UsageException($"plan '{_name}', line {entry.Line}, {at}: {wrong}")
            : entry;
    }

    private void Expect(in Utf8JsonReader json, JsonTokenType type, string at, string what)
    {
        if (json.TokenType != type)
        {
            throw Wrong(json, at, $"{what} is expected");
        }
    }

    private UsageException Unknown(in Utf8JsonReader json, string at, string field, IEnumerable<string> known)
    {
        string near = NearestName.Suggestion(field, known);
        string how = near.Length > 0 ? near : $"; known: {string.Join(", ", known.Order(StringComparer.Ordinal))}";
        return Wrong(json, at, $"unknown field{how}");
    }

    private UsageException Wrong(in Utf8JsonReader json, string at, string what)
        => new($"plan '{_name}', line {LineOf(json)}{(at.Length > 0 ? $", {at}" : "")}: {what}");

    private int LineOf(in Utf8JsonReader json) => 1 + _text.AsSpan(0, (int)json.TokenStartIndex).Count((byte)'\n');
}
