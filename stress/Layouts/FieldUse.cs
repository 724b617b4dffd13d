namespace Stress.Layouts;

/// <summary>How a field is used while pages are touched by several CPUs.</summary>
/// <param name="Readers">CPUs that read it.</param>
/// <param name="Writers">CPUs that write it.</param>
/// <param name="Reads">Reads for each fault.</param>
/// <param name="Writes">Writes for each fault.</param>
internal readonly record struct FieldUse(int Readers, int Writers, double Reads, double Writes)
{
    /// <summary>In words.</summary>
    /// <param name="cpus">How many CPUs touched pages.</param>
    public string Pattern(int cpus)
        => Writers == cpus ? "written by every CPU"
            : Writers > 0 ? "written by one CPU"
            : Readers > 0 ? "read-mostly"
            : "cold";
}
