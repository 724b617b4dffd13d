using System.Collections.Generic;
using System.Linq;
using Stress.Reporting;
using Stress.Results;

namespace Stress.Calibration;

/// <summary>What a run says of the host that it measured.</summary>
internal static class HostMachineItem
{
    public static RunItem Of(HostMachine host, IReadOnlyList<string> arguments) => new()
    {
        Machine = "calibrate",
        Scenario = "machine/host",
        ScenarioVersion = 1,
        Variant = HostMachine.Name,
        Expected = "to be measured",
        Verdict = Verdicts.Timed,
        Outcome = $"{host.Lines.Count(static line => line.Measured is not null)} times measured",
        IsAsExpected = true,
        Seed = 1,
        ElapsedSeconds = 0,
        Host =
        [
            .. host.Lines.Select(static line => new MeasuredField(
                line.Key, line.Value, line.Source, line.Measured?.Fastest, line.Measured?.Median,
                line.Measured?.Samples)),
        ],
        Reproduce = Reproduction.Run(string.Join(' ', arguments)),
    };
}
