using System;
using System.CommandLine;

namespace Stress.CommandLine;

/// <summary>Makes the options that commands share, and options whose values are checked while they are parsed.
/// </summary>
internal static class Options
{
    public static Option<string> Out() => new("--out")
    {
        HelpName = "DIR",
        Description = "Where the run's folder goes",
        DefaultValueFactory = _ => "results",
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "Write one JSON document to standard output; progress goes to standard error",
    };

    public static Option<bool> Verbose() => new("--verbose")
    {
        Description = "Tell every access in the story, with its order",
    };

    public static Option<string?> Variant(string description) => new("--variant")
    {
        HelpName = "V",
        Description = description,
    };

    public static Option<string> LockOrder() => Word(
        "--lock-order", "Watch in which order locks are taken; a circle is a finding", "on", "on", "off");

    public static Option<ulong> Seed() => Create("--seed", "S", "Seed of everything random", ValueReader.Seed, 1ul);

    public static Option<int> Workers(int count) => Create(
        "--workers", "N", "Explorers that work side by side", text => ValueReader.WholeInt(text, 1, 256), count);

    /// <summary>An option with a default.</summary>
    public static Option<T> Create<T>(string name, string value, string description, Func<string, T> read, T byDefault)
    {
        Option<T> option = Create(name, value, description, read);
        option.DefaultValueFactory = _ => byDefault;
        return option;
    }

    /// <summary>An option that may be left out.</summary>
    public static Option<T> Create<T>(string name, string value, string description, Func<string, T> read)
        => new(name)
        {
            HelpName = value,
            Description = description,
            CustomParser = result =>
            {
                try
                {
                    return read(result.Tokens[0].Value);
                }
                catch (FormatException e)
                {
                    result.AddError($"{name}: {e.Message}");
                    return default;
                }
            },
        };

    /// <summary>An option that takes one word of a few.</summary>
    public static Option<string> Word(string name, string description, string byDefault, params string[] words)
        => Create(
            name,
            string.Join('|', words),
            description,
            text => ValueReader.OneOf(text, words),
            byDefault);
}
