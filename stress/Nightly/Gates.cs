namespace Stress.Nightly;

/// <summary>What makes a night red beside its self-test, which always does.</summary>
internal sealed record Gates
{
    public const string Fail = "fail";
    public const string Report = "report";

    /// <summary>Verdicts that are not the expected ones.</summary>
    public string Verdicts { get; init; } = Fail;

    /// <summary>Locks taken in an order that the last night did not show.</summary>
    public string NewLockOrder { get; init; } = Report;

    /// <summary>Throughput below the band of earlier nights on the same machine.</summary>
    public string Throughput { get; init; } = Report;

    /// <summary>Counts that are not those of the last night, although the seed is the same: of a layout, or of the
    /// simulated machine.</summary>
    public string Counts { get; init; } = Report;
}
