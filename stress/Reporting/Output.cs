using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
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

    // While a block is kept up to date at the end of the terminal, lines go above it.
    private bool _hasBlock;

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
        if (!_isJson && _hasBlock)
        {
            _console.Write(new Text(text + "\n"));
        }
        else if (!_isJson)
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
    public T Track<T>(string title, Func<Action<Func<ProgressNote>>, T> work)
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

    /// <summary>Does work that lasts for hours: on a terminal a block is kept up to date, and now and then a line is
    /// written otherwise.</summary>
    /// <param name="block">The block; asked at any time.</param>
    /// <param name="line">The line; asked at any time.</param>
    /// <param name="work">The work.</param>
    public T Watch<T>(Func<IReadOnlyList<string>> block, Func<string> line, Func<T> work)
    {
        if (!_progress.Profile.Capabilities.Interactive || !_progress.Profile.Capabilities.Ansi)
        {
            TextWriter writer = _progress.Profile.Out.Writer;
            using var plain = new Timer(_ => writer.WriteLine(line()), null, s_plainEvery, s_plainEvery);
            return work();
        }

        _hasBlock = true;
        try
        {
            return _progress.Live(Text.Empty).AutoClear(true).Start(context =>
            {
                using var live = new Timer(
                    _ => context.UpdateTarget(new Text(string.Join('\n', block())).Ellipsis()), null, s_liveEvery,
                    s_liveEvery);
                return work();
            });
        }
        finally
        {
            _hasBlock = false;
        }
    }

    private static Action<Func<ProgressNote>> Throttle(TimeSpan every, Action<string> show)
    {
        var gate = new System.Threading.Lock();
        long last = Stopwatch.GetTimestamp();
        return note =>
        {
            lock (gate)
            {
                if (Stopwatch.GetElapsedTime(last) >= every)
                {
                    last = Stopwatch.GetTimestamp();
                    show(note().Line);
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
