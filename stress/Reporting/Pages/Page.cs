using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;

namespace Stress.Reporting.Pages;

/// <summary>Builds one self-contained HTML file: whatever comes from a run goes through <see cref="Text"/>.</summary>
internal sealed class Page
{
    private readonly StringBuilder _body = new();
    private readonly List<string> _scripts = [];

    /// <summary>Markup that the tool itself wrote.</summary>
    public Page Raw(string markup)
    {
        _body.Append(markup);
        return this;
    }

    /// <summary>Text as markup that shows it.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>An element with text in it.</summary>
    public Page Element(string tag, string text, string style = "")
        => Raw($"<{tag}{Class(style)}>{Text(text)}</{tag}>\n");

    /// <summary>Begins a section; the table of contents leads to it.</summary>
    public Page Section(string id, string title)
        => Raw($"<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{Text(title)}</h2>\n");

    /// <summary>Ends it.</summary>
    public Page End() => Raw("</section>\n");

    /// <summary>A command, with a button that copies it where scripts run.</summary>
    public Page Command(string command)
        => Raw($"<div class=\"command\"><code>{Text(command)}</code>"
            + "<button type=\"button\" class=\"copy\" hidden>Copy</button></div>\n");

    /// <summary>Text in columns, as it is.</summary>
    public Page Preformatted(string text, string label)
        => Raw($"<pre tabindex=\"0\" role=\"region\" aria-label=\"{Text(label)}\">{Text(text)}</pre>\n");

    /// <summary>A table. A head that begins with <c>&gt;</c> is that of figures.</summary>
    public Page Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        Raw($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Text(caption)}\"><table>\n")
            .Raw($"<caption>{Text(caption)}</caption>\n<thead><tr>");
        foreach (string head in heads)
        {
            Raw($"<th scope=\"col\"{Class(head.StartsWith('>') ? "" : "text")}>{Text(head.TrimStart('>'))}</th>");
        }

        Raw("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            Raw("<tr>");
            for (int i = 0; i < row.Count; i++)
            {
                Raw($"<td{Class(heads[i].StartsWith('>') ? "" : "text")}>{Text(row[i])}</td>");
            }

            Raw("</tr>\n");
        }

        return Raw("</tbody></table></div>\n");
    }

    /// <summary>A script that runs after the page is there; the same one is taken once.</summary>
    public void Run(string script)
    {
        if (!_scripts.Contains(script))
        {
            _scripts.Add(script);
        }
    }

    /// <summary>The file.</summary>
    /// <param name="title">What stands above it in a browser.</param>
    /// <param name="styles">Its styles.</param>
    public string Finish(string title, params IEnumerable<string> styles)
        => "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            + "<meta name=\"color-scheme\" content=\"light dark\">\n"
            + $"<title>{Text(title)}</title>\n"
            + string.Concat(styles.Select(style => $"<style>\n{style}</style>\n"))
            + "</head>\n<body>\n" + _body
            + string.Concat(_scripts.Select(script => $"<script>\n{script}</script>\n"))
            + "</body>\n</html>\n";

    private static string Class(string style) => style.Length == 0 ? "" : $" class=\"{style}\"";
}
