using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stress.Machine;

namespace Stress.Results;

/// <summary>The JSON form of results.</summary>
public static class ResultsJson
{
    // Conditions such as "t - f <= 1" are to be read by people too; nothing here is ever put into a web page unescaped.
    private static readonly ResultsContext s_context = new(Options(isIndented: true));

    private static readonly ResultsContext s_lines = new(Options(isIndented: false));

    private static JsonSerializerOptions Options(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = isIndented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter<LockOrderKind>(JsonNamingPolicy.KebabCaseLower),
            new JsonStringEnumConverter<LockMode>(JsonNamingPolicy.KebabCaseLower),
            new JsonStringEnumConverter<SeriesVerdict>(JsonNamingPolicy.KebabCaseLower),
        },
    };

    /// <summary>Writes a summary.</summary>
    public static string Write(RunSummary summary) => JsonSerializer.Serialize(summary, s_context.RunSummary);

    /// <summary>Writes an order of locks.</summary>
    public static string Write(LockOrderFile file) => JsonSerializer.Serialize(file, s_context.LockOrderFile);

    /// <summary>Writes what was timed.</summary>
    public static string Write(BenchmarkFile file) => JsonSerializer.Serialize(file, s_context.BenchmarkFile);

    /// <summary>Writes how to time.</summary>
    public static string Write(BenchmarkSettings settings)
        => JsonSerializer.Serialize(settings, s_context.BenchmarkSettings);

    /// <summary>Reads what was timed.</summary>
    /// <exception cref="JsonException">The text is none of it.</exception>
    public static BenchmarkFile ReadBenchmarks(string text)
        => JsonSerializer.Deserialize(text, s_context.BenchmarkFile) ?? throw new JsonException("The file is empty.");

    /// <summary>Reads how to time.</summary>
    /// <exception cref="JsonException">The text does not say it.</exception>
    public static BenchmarkSettings ReadSettings(string text)
        => JsonSerializer.Deserialize(text, s_context.BenchmarkSettings)
            ?? throw new JsonException("The file is empty.");

    /// <summary>Reads an order of locks.</summary>
    /// <exception cref="JsonException">The text is none.</exception>
    public static LockOrderFile ReadLockOrder(string text)
        => JsonSerializer.Deserialize(text, s_context.LockOrderFile) ?? throw new JsonException("The file is empty.");

    /// <summary>Writes a finding by itself.</summary>
    public static string Write(FindingFile file) => JsonSerializer.Serialize(file, s_context.FindingFile);

    /// <summary>Reads a finding.</summary>
    /// <exception cref="JsonException">The text is none.</exception>
    public static FindingFile ReadFinding(string text)
        => JsonSerializer.Deserialize(text, s_context.FindingFile) ?? throw new JsonException("The file is empty.");

    /// <summary>Writes what a night was to run.</summary>
    public static string Write(NightSchedule schedule) => JsonSerializer.Serialize(schedule, s_context.NightSchedule);

    /// <summary>Reads what a night was to run.</summary>
    /// <exception cref="JsonException">The text is none.</exception>
    public static NightSchedule ReadSchedule(string text)
        => JsonSerializer.Deserialize(text, s_context.NightSchedule) ?? throw new JsonException("The file is empty.");

    /// <summary>Writes what is remembered of a night, in one line.</summary>
    public static string WriteLine(NightRecord night) => JsonSerializer.Serialize(night, s_lines.NightRecord);

    /// <summary>Reads what is remembered of a night.</summary>
    /// <exception cref="JsonException">The text is none.</exception>
    public static NightRecord ReadNight(string line)
        => JsonSerializer.Deserialize(line, s_lines.NightRecord) ?? throw new JsonException("The line is empty.");

    /// <summary>Writes how runs differ.</summary>
    public static string Write(RunComparison comparison)
        => JsonSerializer.Serialize(comparison, s_context.RunComparison);

    /// <summary>Writes a ledger.</summary>
    public static string Write(Ledger ledger) => JsonSerializer.Serialize(ledger, s_context.Ledger);

    /// <summary>Reads a ledger.</summary>
    /// <exception cref="JsonException">The text is none.</exception>
    public static Ledger ReadLedger(string text)
        => JsonSerializer.Deserialize(text, s_context.Ledger) ?? throw new JsonException("The file is empty.");

    /// <summary>Reads a summary.</summary>
    /// <exception cref="JsonException">The text is no summary.</exception>
    public static RunSummary Read(string text)
        => JsonSerializer.Deserialize(text, s_context.RunSummary) ?? throw new JsonException("The summary is empty.");
}

/// <summary>The types that results are made of.</summary>
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(LockOrderFile))]
[JsonSerializable(typeof(BenchmarkFile))]
[JsonSerializable(typeof(BenchmarkSettings))]
[JsonSerializable(typeof(FindingFile))]
[JsonSerializable(typeof(NightSchedule))]
[JsonSerializable(typeof(NightRecord))]
[JsonSerializable(typeof(Ledger))]
[JsonSerializable(typeof(RunComparison))]
internal sealed partial class ResultsContext : JsonSerializerContext;
