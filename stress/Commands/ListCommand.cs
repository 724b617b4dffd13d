using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stress.CommandLine;
using Stress.Corpus;
using Stress.Exploration;
using Stress.Layouts;
using Stress.Machine;
using Stress.Mm.Vma;
using Stress.Reporting;

namespace Stress.Commands;

/// <summary><c>stress list</c>: what there is to run.</summary>
internal sealed class ListCommand(IReadOnlyList<Scenario> catalog) : ICommandFactory
{
    private const string Layouts = "layouts";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Examples => "stress list\nstress list variants\nstress list layouts\nstress list --bugs\nstress list --json";

    public Command Create()
    {
        var what = new Argument<string?>("WHAT")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "scenarios (default), variants or layouts",
        };
        var bugs = new Option<bool>("--bugs")
        {
            Description = "The known bugs: what each is, and how to watch it",
        };
        Option<bool> json = Options.Json();
        var command = new Command("list", "Lists the scenarios, the variants of all scenarios, the layouts, or the known bugs")
        {
            what, bugs, json,
        };
        command.SetAction(parsed => parsed.GetValue(bugs)
            ? RunBugs(parsed.GetValue(what), parsed.GetValue(json))
            : Run(parsed.GetValue(what) ?? "scenarios", parsed.GetValue(json)));
        return command;
    }

    private int Run(string what, bool isJson)
    {
        if (what is not ("scenarios" or "variants" or Layouts))
        {
            string near = NearestName.Suggestion(what, ["scenarios", "variants", Layouts]);
            throw new UsageException(
                $"cannot list '{what}'{(near.Length > 0 ? near : "; only scenarios, variants or layouts")}");
        }

        if (isJson)
        {
            object document = what == Layouts ? catalog.Layouts().Select(Describe) : catalog.Select(Describe);
            Output.WriteJson(JsonSerializer.Serialize(document, s_json));
            return ExitCode.AsExpected;
        }

        var output = new Output(isJson: false);
        if (what == "scenarios")
        {
            ScenarioList.WriteScenarios(output, catalog);
        }
        else if (what == Layouts)
        {
            ScenarioList.WriteLayouts(output, catalog.Layouts());
        }
        else
        {
            ScenarioList.WriteVariants(output, catalog);
        }

        return ExitCode.AsExpected;
    }

    private int RunBugs(string? what, bool isJson)
    {
        if (what is not null)
        {
            throw new UsageException($"--bugs lists bugs, not '{what}'; leave one of them out");
        }

        IReadOnlyList<Bug> bugs = Bug.Of(catalog, "*");
        if (isJson)
        {
            Output.WriteJson(JsonSerializer.Serialize(bugs.Select(Describe), s_json));
        }
        else
        {
            ScenarioList.WriteBugs(new Output(isJson: false), bugs);
        }

        return ExitCode.AsExpected;
    }

    private static object Describe(Bug bug) => new
    {
        bug.Name,
        Scenario = bug.Scenario.Name,
        Variant = bug.Variant.Name,
        bug.Variant.Summary,
        bug.Variant.Source,
        Expected = bug.Variant.Expected.ToString(),
        Memory = bug.Memory.Name(),
        bug.Variant.CorrectTwin,
        bug.Variant.CorpusEntry,
        bug.Variant.ScheduleBudget,
        Watch = Reproduction.Run(bug.Watch),
    };

    private static object Describe(VmaLayout layout) => new
    {
        layout.Name,
        layout.Summary,
        layout.Source,
        layout.Bytes,
        layout.Cache.Stride,
        layout.LockOffset,
        layout.IsLockEmbedded,
        layout.IsReferenceCount,
    };

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
            variant.NeedsWeakMemory,
            variant.CorrectTwin,
            variant.CorpusEntry,
            variant.KnownDefect,
            variant.ScheduleBudget,
            Tasks = variant.Plan.Tasks.Select(task => new { task.Name, task.Cpu, task.IsWorker }),
        }),
    };
}
