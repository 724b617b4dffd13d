using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

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
    });

    /// <summary>Writes a summary.</summary>
    public static string Write(RunSummary summary) => JsonSerializer.Serialize(summary, s_context.RunSummary);

    /// <summary>Reads a summary.</summary>
    /// <exception cref="JsonException">The text is no summary.</exception>
    public static RunSummary Read(string text)
        => JsonSerializer.Deserialize(text, s_context.RunSummary) ?? throw new JsonException("The summary is empty.");
}

/// <summary>The types that results are made of.</summary>
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class ResultsContext : JsonSerializerContext;
