using System.IO;
using Stress.Results;

namespace Stress.Nightly;

/// <summary>Leaves a night in the forms that other tools read.</summary>
internal static class NightExports
{
    public const string JUnitName = "junit.xml";
    public const string SarifName = "stress.sarif";

    /// <summary>Writes them, over older ones.</summary>
    public static void Write(StoredRun night)
    {
        AtomicFile.WriteAllText(Path.Combine(night.Location, JUnitName), JUnitReport.Of(night.Summary));
        AtomicFile.WriteAllText(Path.Combine(night.Location, SarifName), SarifReport.Of(night));
    }
}
