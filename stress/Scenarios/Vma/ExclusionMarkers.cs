using Stress.Machine;

namespace Stress.Scenarios.Vma;

/// <summary>Who is inside of a VMA: the oracle for exclusion, asked by whoever enters.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field    written by              read by
///      0      4  Readers  readers, on both ends   writers
///      4      4  Writers  writers, on both ends   readers
/// </code>
/// Each side marks itself before it looks for the other, fully ordered, so two that are inside cannot miss each other.
/// </remarks>
public readonly partial struct ExclusionMarkers(nint at) : IHandle
{
    public static int Bytes => 8;

    public nint Address => at;

    public AtomicU32 Readers => new(at);

    public AtomicU32 Writers => new(at + 4);

    public void EnterReader<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.FetchAdd(Readers, 1u);
        cpu.Require(cpu.ReadOnce(Writers) == 0, "no reader is inside of a VMA together with a writer");
    }

    public void LeaveReader<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.FetchAdd(Readers, uint.MaxValue);

    public void EnterWriter<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.FetchAdd(Writers, 1u);
        cpu.Require(cpu.ReadOnce(Readers) == 0, "no writer is inside of a VMA together with a reader");
    }

    public void LeaveWriter<TCpu>(TCpu cpu) where TCpu : struct, ICpu => cpu.FetchAdd(Writers, uint.MaxValue);
}
