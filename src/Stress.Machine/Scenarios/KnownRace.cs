namespace Stress.Machine;

/// <summary>A data race that the kernel has on purpose, or is known to have: exploration leaves it alone.
/// A free that races with an access is never known.</summary>
/// <param name="Cell">The cell without the numbers of objects and CPUs, such as <c>vm_area_struct.Flags</c>, as a
/// pattern with <c>*</c> and <c>?</c>.</param>
/// <param name="Reason">Why it is there, and where the kernel says so.</param>
public sealed record KnownRace(string Cell, string Reason);
