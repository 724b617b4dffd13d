using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stress.Results;

/// <summary>The findings of a run as SARIF 2.1.0: a rule for each kind, a result for each finding, and in it a thread
/// flow for each task, whose steps are numbered through.</summary>
/// <remarks>Models have no source lines that a reader of a patch knows, so places are traces and model operations.
/// </remarks>
public static class SarifReport
{
    private const string Version = "2.1.0";
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document.</summary>
    public static string Of(StoredRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        List<RunItem> found = [.. run.Summary.Items.Where(item => item.Finding is not null)];
        List<string> kinds =
        [
            .. found.Select(item => item.Finding!.Kind).Distinct().Order(StringComparer.Ordinal),
        ];
        string[] tool = run.Summary.Tool.Split(' ');
        var document = new JsonObject
        {
            ["$schema"] = Schema,
            ["version"] = Version,
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = tool[0],
                        ["version"] = tool[^1],
                        ["rules"] = new JsonArray([.. kinds.Select(Rule)]),
                    },
                },
                ["automationDetails"] = new JsonObject { ["id"] = $"stress/{run.Summary.Run}" },
                ["columnKind"] = "utf16CodeUnits",
                ["results"] = new JsonArray([.. found.Select(item => Result(run, item, kinds))]),
            }),
        };
        return document.ToJsonString(s_options);
    }

    private static JsonObject Rule(string kind) => new()
    {
        ["id"] = kind,
        ["shortDescription"] = Text($"The model ran into: {kind}"),
    };

    private static JsonObject Result(StoredRun run, RunItem item, List<string> kinds)
    {
        FindingSummary finding = item.Finding!;
        var result = new JsonObject
        {
            ["ruleId"] = finding.Kind,
            ["ruleIndex"] = kinds.IndexOf(finding.Kind),
            ["level"] = item.IsAsExpected ? "note" : "error",
            ["message"] = Text(
                $"{item.Scenario}, variant {item.Variant}: {finding.Text} (expected: {item.Expected}). "
                + $"Reproduce: {item.Reproduce}"),
            ["locations"] = new JsonArray(Location(item, finding.Trace ?? finding.Story, null)),
        };
        if (finding.Signature is { } signature)
        {
            result["partialFingerprints"] = new JsonObject { ["stressSignature/v1"] = signature.Id };
            if (run.Summary.Night is { Before: not null } night)
            {
                bool isNew = night.Ledger.Any(line => line.State == LedgerStates.New && line.Signature == signature
                    && line.Places.Contains(Sighting.PlaceOf(item)));
                result["baselineState"] = isNew ? "new" : "unchanged";
            }
        }

        // What real threads did is not recorded; where schedules did the same, theirs is.
        IReadOnlyList<FlowStep> flow = FlowOf(run, item.Story is { IsSame: true, Finding: { } same } ? same : finding);
        if (flow.Count > 0)
        {
            result["codeFlows"] = new JsonArray(new JsonObject
            {
                ["message"] = Text($"{flow.Count} steps of {flow.Select(step => step.Task).Distinct().Count()} tasks"),
                ["threadFlows"] = new JsonArray([.. Flows(item, finding.Trace ?? finding.Story, flow)]),
            });
        }

        return result;
    }

    private static IReadOnlyList<FlowStep> FlowOf(StoredRun run, FindingSummary finding)
        => run.Finding(finding)?.Flow ?? [];

    private static IEnumerable<JsonNode> Flows(RunItem item, string? file, IReadOnlyList<FlowStep> flow)
        => flow.Select((step, index) => (Step: step, Order: index + 1)).GroupBy(step => step.Step.Task)
            .Select(task => new JsonObject
            {
                ["id"] = task.Key,
                ["message"] = Text($"task {task.Key}"),
                ["locations"] = new JsonArray([.. task.Select(one => new JsonObject
                {
                    ["executionOrder"] = one.Order,
                    ["nestingLevel"] = one.Step.Depth,
                    ["importance"] = one.Step.IsMarked ? "essential" : "important",
                    ["location"] = Location(item, file, one.Step.Text),
                })]),
            });

    private static JsonObject Location(RunItem item, string? file, string? text)
    {
        var location = new JsonObject();
        if (file is not null)
        {
            location["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject { ["uri"] = Uri.EscapeDataString(file).Replace("%2F", "/") },
            };
        }

        location["logicalLocations"] = new JsonArray(new JsonObject
        {
            ["name"] = item.Variant,
            ["fullyQualifiedName"] = $"{item.Scenario}@{item.Variant}",
            ["kind"] = "module",
        });
        if (text is not null)
        {
            location["message"] = Text(text);
        }

        return location;
    }

    private static JsonObject Text(string text) => new() { ["text"] = text };
}
