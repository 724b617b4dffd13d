using System.Collections.Generic;

namespace Stress.Reporting;

/// <summary>Who takes which locks while it holds which, where a finding is about that.</summary>
internal static class ChainLines
{
    public static void Write(Output output, IReadOnlyList<string>? chains)
    {
        if (chains is null)
        {
            return;
        }

        output.Line("lock order each waits for what the next holds, the last for the first:");
        foreach (string line in chains)
        {
            output.Line(line);
        }
    }
}
