using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>Everything that repeats one failed run: the scenario, its settings, and every decision.</summary>
/// <remarks>A JSON file. A reader refuses another <see cref="FormatVersion"/>.</remarks>
public sealed record Trace
{
    /// <summary>What <see cref="Format"/> holds.</summary>
    public const string FormatName = "stress-trace";

    /// <summary>The version of the file format that this program writes and reads.</summary>
    public const int CurrentFormatVersion = 1;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new CompactInts() },
    };

    /// <summary>Always <see cref="FormatName"/>.</summary>
    [JsonPropertyOrder(-2)]
    public required string Format { get; init; }

    /// <summary>Version of the file format.</summary>
    [JsonPropertyOrder(-1)]
    public required int FormatVersion { get; init; }

    /// <summary>Name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>Version of the scenario.</summary>
    public required int ScenarioVersion { get; init; }

    /// <summary>Name of the variant.</summary>
    public required string Variant { get; init; }

    /// <summary>The engine that made the run: <c>builtin</c> or <c>coyote</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The memory model: <c>sc</c> or <c>weak</c>.</summary>
    public required string Memory { get; init; }

    /// <summary>How locks were taken.</summary>
    public required LockAlgorithm Locks { get; init; }

    /// <summary>How many allocations could fail.</summary>
    public required int AllocationFailures { get; init; }

    /// <summary>Whether data races were looked for; left out of the file when not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DataRaces { get; init; }

    /// <summary>The tasks, in the order of their numbers.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>The seed of the exploration that found it.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Which schedule of that exploration it was, from 0.</summary>
    public required long Schedule { get; init; }

    /// <summary>The strategy that made the decisions.</summary>
    public required string Strategy { get; init; }

    /// <summary>What went wrong.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>The finding's text.</summary>
    public required string Text { get; init; }

    /// <summary>Of a circle of locks: what other runs of the exploration showed of it, before this one closed it. Absent
    /// for all other findings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LockOrderFact>? LockOrder { get; init; }

    /// <summary>The decisions, in order: the task chosen where several could go on, a choice, or 1 and 0 for an event
    /// that happened or did not.</summary>
    public required IReadOnlyList<int> Decisions { get; init; }

    /// <summary>For each task after how many outermost operations it ends: 0 for one that never starts, -1 for one that
    /// runs to its end. Null when all do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? OperationLimits { get; init; }

    /// <summary>The two events whose order makes the run fail; null when that is not known, or no two do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DecidingPair? DecidingPair { get; init; }

    /// <summary>Hash of the execution, 16 hexadecimal digits: equal on every host.</summary>
    public required string Hash { get; init; }

    /// <summary>What the engine repeats the run from, in a form of its own; null for the builtin engine, which needs
    /// the decisions alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? EngineTrace { get; init; }

    /// <summary>Tells whether the file still says what was recorded: see <see cref="Sealed"/>.</summary>
    public string Checksum { get; init; } = "";

    /// <summary>Reads a trace.</summary>
    /// <exception cref="TraceException">The file is missing, unreadable or no trace; the message is one line.</exception>
    public static Trace Load(string path)
    {
        Trace? trace;
        try
        {
            trace = JsonSerializer.Deserialize<Trace>(File.ReadAllText(path), s_json);
        }
        catch (JsonException error)
        {
            string where = error.LineNumber is { } line ? $"line {line + 1}" : "the file";
            throw new TraceException($"{path}: {where}: not a complete trace file ({FirstLine(error)}); record it again");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TraceException($"{path}: cannot be read: {FirstLine(error)}");
        }

        return trace switch
        {
            null or { Format: not FormatName } => throw new TraceException($"{path}: is not a {FormatName} file"),
            { FormatVersion: not CurrentFormatVersion } => throw new TraceException(
                $"{path}: trace format {trace.FormatVersion}, but this program reads {CurrentFormatVersion}; record it "
                + "again"),
            _ when trace.Checksum != trace.Sealed().Checksum => throw new TraceException(
                $"{path}: was changed after it was recorded on {trace.Scenario}: it is the trace of another variant or "
                + "run, or damaged; record it again"),
            _ => trace,
        };
    }

    /// <summary>The trace with the checksum of its content: the first 16 hexadecimal digits of a SHA-256.</summary>
    public Trace Sealed()
    {
        string content = JsonSerializer.Serialize(this with { Checksum = "" }, s_json);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\n")));
        return this with { Checksum = Convert.ToHexStringLower(hash)[..16] };
    }

    /// <summary>The text of the trace's file, as <see cref="Load"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json) + "\n";

    private static string FirstLine(Exception error)
    {
        // The JSON reader adds its own idea of the place to the message.
        string message = error.Message.Split(" Path: ")[0];
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    // Thousands of numbers, one a line, help nobody.
    private sealed class CompactInts : JsonConverter<IReadOnlyList<int>>
    {
        public override IReadOnlyList<int> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
            => JsonSerializer.Deserialize<int[]>(ref reader) ?? throw new JsonException("numbers are missing");

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options)
            => writer.WriteRawValue($"[{string.Join(',', value)}]");
    }
}
