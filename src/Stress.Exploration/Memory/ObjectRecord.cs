using Stress.Machine;

namespace Stress.Exploration;

/// <summary>The life of one object of an explored run.</summary>
/// <param name="Cache">What it is.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Number">How many objects were allocated before it in this run.</param>
/// <param name="AllocatedBy">The task that allocated it.</param>
/// <param name="FreedBy">The task that freed it, or <see cref="Nobody"/>.</param>
internal readonly record struct ObjectRecord(SlabCache Cache, nint Address, int Number, int AllocatedBy, int FreedBy)
{
    /// <summary>No task.</summary>
    public const int Nobody = -1;

    /// <summary>Whether it has not been freed.</summary>
    public bool IsLive => FreedBy == Nobody;

    /// <summary>Such as <c>file_region#3</c>: the cache and the object's number.</summary>
    public string Name => $"{Cache.Name}#{Number}";
}
