using System.IO;
using System.Reflection;

namespace Stress.Reporting.Pages;

/// <summary>Files that pages contain: they are part of the tool.</summary>
internal static class Assets
{
    /// <summary>The text of one.</summary>
    /// <param name="name">Its name under <c>Reporting/Assets</c>.</param>
    public static string Text(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"assets/{name}")
            ?? throw new FileNotFoundException($"The tool was built without {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
