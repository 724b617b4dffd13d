using System.Collections.Generic;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;
using Stress.Mm.Faults;
using Stress.Mm.Vma;
using Stress.Scenarios.Vma;

namespace Stress.Layouts;

/// <summary>What faults do with the fields of a layout: seen, not said. Two CPUs touch two pages each, on the explored
/// machine, and every access of theirs is noted.</summary>
internal sealed class LayoutAccesses
{
    private const ulong Seed = 1;

    private readonly IReadOnlyList<RecordedAccess> _accesses;

    public LayoutAccesses(VmaLayout layout) => _accesses = layout.Accept(new Recording());

    /// <summary>CPUs that touched pages.</summary>
    public static int Cpus => AnonFault<StockLayout, FaultsAsMerged>.Plan.Tasks.Count;

    /// <summary>Pages that they touched.</summary>
    public static int Faults => Cpus * AnonFault<StockLayout, FaultsAsMerged>.ExploredTouches;

    /// <summary>How a field is used of the objects of a cache.</summary>
    public FieldUse Of(SlabCache cache, HandleField field)
    {
        RecordedAccess[] to =
        [
            .. _accesses.Where(access => access.Cache == cache
                && access.Offset >= field.Offset && access.Offset < field.Offset + field.Bytes),
        ];
        RecordedAccess[] writes = [.. to.Where(access => access.IsWrite)];
        RecordedAccess[] reads = [.. to.Where(access => !access.IsWrite)];
        return new FieldUse(
            reads.Select(access => access.Task).Distinct().Count(),
            writes.Select(access => access.Task).Distinct().Count(),
            (double)reads.Length / Faults,
            (double)writes.Length / Faults);
    }

    private sealed class Recording : IVmaLayoutVisitor<IReadOnlyList<RecordedAccess>>
    {
        public IReadOnlyList<RecordedAccess> Visit<TLayout>()
            where TLayout : struct, IVmaLayout<TLayout>
            => AccessRecording.Of<AnonFault<TLayout, FaultsAsMerged>>(Seed);
    }
}
