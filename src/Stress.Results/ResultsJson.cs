using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stress.Machine;

namespace Stress.Results;

/// <summary>The JSON form of results.</summary>
public static class ResultsJson
{
    // Conditions such as "t - f <= 1" are to be read by people too; nothing here is ever put into a web page unescaped.
    private static readonly ResultsContext s_context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter<LockOrderKind>(JsonNamingPolicy.KebabCaseLower),
            new JsonStringEnumConverter<LockMode>(JsonNamingPolicy.KebabCaseLower),
        },
    });

    /// <summary>Writes a summary.</summary>
    public static string Write(RunSummary summary) => JsonSerializer.Serialize(summary, s_context.RunSummary);

    /// <summary>Writes an order of locks.</summary>
    public static string Write(LockOrderFile file) => JsonSerializer.Serialize(file, s_context.LockOrderFile);

    /// <summary>Reads an order of locks.</summary>
    /// <exception cref="JsonException">The text is none.</exception>
    public static LockOrderFile ReadLockOrder(string text)
        => JsonSerializer.Deserialize(text, s_context.LockOrderFile) ?? throw new JsonException("The file is empty.");

    /// <summary>Reads a summary.</summary>
    /// <exception cref="JsonException">The text is no summary.</exception>
    public static RunSummary Read(string text)
        => JsonSerializer.Deserialize(text, s_context.RunSummary) ?? throw new JsonException("The summary is empty.");
}

/// <summary>The types that results are made of.</summary>
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(LockOrderFile))]
internal sealed partial class ResultsContext : JsonSerializerContext;
