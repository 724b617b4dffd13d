using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml;

namespace Stress.Results;

/// <summary>A run as JUnit XML: a suite for each machine, a case for each item, a failure for what is not as expected.
/// </summary>
public static class JUnitReport
{
    /// <summary>The document.</summary>
    public static string Of(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var text = new Utf8Writer();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, CheckCharacters = false }))
        {
            xml.WriteStartElement("testsuites");
            WriteTotals(xml, $"stress {run.Run}", run.Items);
            foreach (IGrouping<string, RunItem> suite in run.Items.GroupBy(item => item.Machine))
            {
                xml.WriteStartElement("testsuite");
                WriteTotals(xml, suite.Key, [.. suite]);
                xml.WriteAttributeString("timestamp", run.Started.ToString("yyyy-MM-ddTHH:mm:ss", Invariant));
                foreach (RunItem item in suite)
                {
                    WriteCase(xml, item);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static void WriteTotals(XmlWriter xml, string name, IReadOnlyCollection<RunItem> items)
    {
        xml.WriteAttributeString("name", name);
        xml.WriteAttributeString("tests", items.Count.ToString(Invariant));
        xml.WriteAttributeString("failures", items.Count(IsFailure).ToString(Invariant));
        xml.WriteAttributeString("errors", items.Count(IsError).ToString(Invariant));
        xml.WriteAttributeString("skipped", items.Count(IsSkipped).ToString(Invariant));
        xml.WriteAttributeString("time", items.Sum(item => item.ElapsedSeconds).ToString("0.###", Invariant));
    }

    private static void WriteCase(XmlWriter xml, RunItem item)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean($"{item.Machine}.{item.Scenario}".Replace('/', '.')));
        xml.WriteAttributeString("name", Clean(item.Key ?? $"{item.Scenario}@{item.Variant}"));
        xml.WriteAttributeString("time", item.ElapsedSeconds.ToString("0.###", Invariant));
        if (IsError(item) || IsFailure(item))
        {
            xml.WriteStartElement(IsError(item) ? "error" : "failure");
            xml.WriteAttributeString("type", Clean(item.Finding?.Kind ?? item.Verdict));
            xml.WriteAttributeString("message", Clean($"expected {item.Expected}, got {item.Outcome}"));
            string story = item.Finding?.Story is { } file ? $"story: {file}\n" : "";
            xml.WriteString(Clean($"{story}Reproduce: {item.Reproduce}"));
            xml.WriteEndElement();
        }
        else if (IsSkipped(item))
        {
            xml.WriteElementString("skipped", null);
        }

        xml.WriteEndElement();
    }

    private static bool IsError(RunItem item) => item.Verdict == Verdicts.Error;

    private static bool IsSkipped(RunItem item) => item.Verdict == Verdicts.Interrupted;

    private static bool IsFailure(RunItem item) => !item.IsAsExpected && !IsError(item) && !IsSkipped(item);

    // XML has no way to write most control characters.
    private static string Clean(string text) => new([.. text.Select(c => XmlConvert.IsXmlChar(c) ? c : '?')]);

    private sealed class Utf8Writer : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
