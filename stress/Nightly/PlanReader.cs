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

    /// <summary>Reads a plan that was kept as a text.</summary>
    /// <param name="name">How it was asked for.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="UsageException">It is wrong.</exception>
    public static Plan Parse(string name, string text) => new PlanReader(name, Encoding.UTF8.GetBytes(text)).Read();

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
        var plan = new Plan { Name = _name, Text = Encoding.UTF8.GetString(_text) };
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string field = json.GetString()!;
            if (field == "entries")
            {
                plan = plan with { Entries = ReadEntries(ref json) };
            }
            else if (field == "gates")
            {
                json.Read();
                plan = plan with { Gates = ReadFields(ref json, "gates", new Gates(), PlanFields.Gates) };
            }
            else
            {
                plan = Set(ref json, field, plan, field, PlanFields.Plan, "entries", "gates");
            }
        }

        // Reading on finds what stands behind the plan.
        json.Read();
        return plan.Entries.Count > 0
            ? plan
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
            var entry = new PlanEntry { Line = LineOf(json) };
            entry = ReadFields(ref json, at, entry, PlanFields.Entry);
            entries.Add(entry.Kind.WhatIsWrong(entry) is { } wrong
                ? throw new UsageException($"plan '{_name}', line {entry.Line}, {at}: {wrong}")
                : entry);
        }

        // What it times is kept in one place of the run's folder.
        PlanEntry[] timed = [.. entries.Where(entry => entry.Kind is BenchKind)];
        return timed.Length <= 1 ? entries : throw new UsageException(
            $"plan '{_name}', line {timed[1].Line}: a second bench entry; put both into one 'filter' with a pattern");
    }

    private T ReadFields<T>(
        ref Utf8JsonReader json, string at, T value, IReadOnlyDictionary<string, Func<T, string, T>> fields)
    {
        Expect(json, JsonTokenType.StartObject, at, "an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string field = json.GetString()!;
            value = Set(ref json, $"{at}.{field}", value, field, fields);
        }

        return value;
    }

    private T Set<T>(
        ref Utf8JsonReader json,
        string at,
        T value,
        string field,
        IReadOnlyDictionary<string, Func<T, string, T>> fields,
        params IEnumerable<string> others)
    {
        if (!fields.TryGetValue(field, out Func<T, string, T>? set))
        {
            throw Unknown(json, at, field, fields.Keys.Concat(others));
        }

        json.Read();
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
        {
            throw Wrong(json, at, "a text or a number is expected");
        }

        string text = json.TokenType == JsonTokenType.String
            ? json.GetString()! : Encoding.UTF8.GetString(json.ValueSpan);
        try
        {
            return set(value, text);
        }
        catch (FormatException e)
        {
            throw Wrong(json, at, e.Message);
        }
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
