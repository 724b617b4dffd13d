using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stress.CommandLine;
using Stress.Machine;
using Stress.Reporting;

namespace Stress.Commands;

/// <summary><c>stress list</c>: what there is to run.</summary>
internal sealed class ListCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Examples => "stress list\nstress list variants\nstress list --json";

    public Command Create()
    {
        var what = new Argument<string?>("WHAT")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "scenarios (default) or variants",
        };
        Option<bool> json = Options.Json();
        var command = new Command("list", "Lists the scenarios, or the variants of all scenarios") { what, json };
        command.SetAction(parsed => Run(parsed.GetValue(what) ?? "scenarios", parsed.GetValue(json)));
        return command;
    }

    private int Run(string what, bool isJson)
    {
        if (what is not ("scenarios" or "variants"))
        {
            string near = NearestName.Suggestion(what, ["scenarios", "variants"]);
            throw new UsageException(
                $"cannot list '{what}'{(near.Length > 0 ? near : "; only scenarios or variants")}");
        }

        if (isJson)
        {
            Output.WriteJson(JsonSerializer.Serialize(catalog.Select(Describe), s_json));
            return ExitCode.AsExpected;
        }

        var output = new Output(isJson: false);
        if (what == "scenarios")
        {
            ScenarioList.WriteScenarios(output, catalog);
        }
        else
        {
            ScenarioList.WriteVariants(output, catalog);
        }

        return ExitCode.AsExpected;
    }

    private static object Describe(Scenario scenario) => new
    {
        scenario.Name,
        scenario.Summary,
        scenario.Version,
        Variants = scenario.Variants.Select(variant => new
        {
            variant.Name,
            variant.Summary,
            variant.Source,
            Expected = variant.Expected.ToString(),
            IsExpectedClean = variant.Expected.IsClean,
            variant.CorrectTwin,
            variant.CorpusEntry,
            variant.KnownDefect,
            variant.ScheduleBudget,
            Tasks = variant.Plan.Tasks.Select(task => new { task.Name, task.Cpu, task.IsWorker }),
        }),
    };
}
