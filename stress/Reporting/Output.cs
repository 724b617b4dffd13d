using System;
using System.Diagnostics;
using System.IO;
using Spectre.Console;

namespace Stress.Reporting;

/// <summary>Where a command writes: a report for people, or one JSON document and nothing else.</summary>
internal sealed class Output
{
    private static readonly TimeSpan s_plainEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_liveEvery = TimeSpan.FromMilliseconds(200);

    private readonly IAnsiConsole _console;
    private readonly IAnsiConsole _progress;
    private readonly bool _isJson;

    public Output(bool isJson)
    {
        _isJson = isJson;
        _console = Open(Console.Out, Console.IsOutputRedirected);
        _progress = isJson ? Open(Console.Error, Console.IsErrorRedirected) : _console;
    }

    /// <summary>Whether standard output holds a JSON document only.</summary>
    public bool IsJson => _isJson;

    /// <summary>Writes a line of the report, as it is.</summary>
    public void Line(string text = "")
    {
        if (!_isJson)
        {
            _console.Profile.Out.Writer.WriteLine(text);
        }
    }

    /// <summary>Writes a line of the report that begins with a coloured word.</summary>
    public void Line(string word, Color color, string rest)
    {
        if (!_isJson)
        {
            _console.Write(new Text(word, new Style(color)));
            _console.Profile.Out.Writer.WriteLine(rest);
        }
    }

    /// <summary>Writes a table of the report, with an empty line before it.</summary>
    public void Write(TextTable table)
    {
        Line();
        foreach (string line in table.Lines())
        {
            Line(line);
        }
    }

    /// <summary>Writes the JSON document.</summary>
    public static void WriteJson(string json) => Console.Out.WriteLine(json);

    /// <summary>Does long work that tells how far it is: in place on a terminal, now and then a line otherwise.
    /// </summary>
    public T Track<T>(string title, Func<Action<Func<string>>, T> work)
    {
        if (_progress.Profile.Capabilities.Interactive && _progress.Profile.Capabilities.Ansi)
        {
            return _progress.Status().Spinner(Spinner.Known.Line).Start(
                Markup.Escape(title),
                context => work(Throttle(s_liveEvery, line => context.Status(Markup.Escape(line)))));
        }

        TextWriter writer = _progress.Profile.Out.Writer;
        return work(Throttle(s_plainEvery, writer.WriteLine));
    }

    private static Action<Func<string>> Throttle(TimeSpan every, Action<string> show)
    {
        var gate = new System.Threading.Lock();
        long last = Stopwatch.GetTimestamp();
        return line =>
        {
            lock (gate)
            {
                if (Stopwatch.GetElapsedTime(last) >= every)
                {
                    last = Stopwatch.GetTimestamp();
                    show(line());
                }
            }
        };
    }

    private static IAnsiConsole Open(TextWriter writer, bool isRedirected)
        => AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
}
