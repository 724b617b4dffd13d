using System;
using System.Runtime.InteropServices;

namespace Stress.Simulation;

/// <summary>A line that a core may use without a look at anything else: what the directory and the caches say of it.
/// </summary>
internal struct HitTag
{
    /// <summary>Set if the core may write to the line.</summary>
    public const int Writable = 1;

    /// <summary>Set if nobody competes for the line, so that it can be used far ahead of the others.</summary>
    public const int Calm = 2;

    /// <summary>Set if the line has gone from one core to another.</summary>
    public const int Moved = 4;

    private const int LineShift = 3;

    /// <summary>Number of the line, above its flags; 0 for none, since nothing lives on line 0.</summary>
    public int Key;

    /// <summary>Which of the core's fills it was last used after.</summary>
    public int UsedAt;

    /// <summary>From when on it is there.</summary>
    public long From;

    /// <summary>The line.</summary>
    public readonly int Line => Key >> LineShift;

    /// <summary>The key of a line.</summary>
    public static int KeyOf(int line, int flags) => (line << LineShift) | flags;
}

/// <summary>For each core the lines that it used last, by the low bits of their numbers.</summary>
/// <remarks>Nothing is decided here: a tag is dropped before anything that it tells of changes, so an access that finds
/// one has the outcome and the cost that it has without.</remarks>
/// <param name="caches">Know when a line was used while it has no tag.</param>
/// <param name="directory">Knows who has a line.</param>
internal sealed unsafe class HitTags(PrivateCaches caches, Directory directory)
{
    private const int Count = 256;

    /// <summary>The bits of a line's number that say where its tag is.</summary>
    public const int Mask = Count - 1;

    // Pinned, since the machine keeps a pointer to those of the running core.
    private readonly HitTag[] _tags = GC.AllocateArray<HitTag>(directory.Cores * Count, pinned: true);

    /// <summary>The tags of a core.</summary>
    public HitTag* Of(int core) => (HitTag*)Marshal.UnsafeAddrOfPinnedArrayElement(_tags, core * Count);

    /// <summary>A core may use a line.</summary>
    public void Add(int core, int line, int flags, int usedAt, long from)
    {
        HitTag* tag = Of(core) + (line & Mask);
        if (tag->Key != 0)
        {
            Drop(core, tag);
        }

        tag->Key = HitTag.KeyOf(line, flags);
        tag->UsedAt = usedAt;
        tag->From = from;
    }

    /// <summary>Something changes between a core and a line.</summary>
    public void Drop(int core, int line)
    {
        HitTag* tag = Of(core) + (line & Mask);
        if (tag->Line == line)
        {
            Drop(core, tag);
        }
    }

    /// <summary>Something changes between a line and all who have it.</summary>
    public void DropAll(int line)
    {
        ref CacheLine changed = ref directory[line];
        SharerSets sharers = directory.Sharers;
        for (int core = sharers.From(in changed, 0); core >= 0; core = sharers.From(in changed, core + 1))
        {
            Drop(core, line);
        }
    }

    private void Drop(int core, HitTag* tag)
    {
        int line = tag->Line;
        caches.SetUsed(core, line, directory[line].IsOwnedBy(core), tag->UsedAt);
        tag->Key = 0;
    }
}
