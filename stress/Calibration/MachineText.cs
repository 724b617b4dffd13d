using System.Collections.Generic;
using System.Linq;

namespace Stress.Calibration;

/// <summary>Machine files, as <c>Stress.Simulation</c> reads them: a field a line, its source behind a bar.</summary>
internal static class MachineText
{
    /// <summary>The text of a file.</summary>
    /// <param name="about">What it is, for a comment above the fields.</param>
    /// <param name="lines">The fields, in their order.</param>
    public static string Write(string about, IReadOnlyList<MachineLine> lines)
    {
        int keyWidth = lines.Max(static line => line.Key.Length);
        int valueWidth = lines.Where(static line => line.Source.Length > 0).Max(static line => line.Value.Length);
        return string.Concat(
            lines.Select(line => line.Source.Length == 0
                    ? $"{line.Key.PadRight(keyWidth)}  {line.Value}\n"
                    : $"{line.Key.PadRight(keyWidth)}  {line.Value.PadRight(valueWidth)}  | {line.Source}\n")
                .Prepend($"# {about}\n"));
    }
}
