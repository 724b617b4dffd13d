using System;

namespace Stress.Exploration;

/// <summary>One step as the search remembers it: who made it, what was drawn in it, and what it touched.</summary>
/// <remarks>Pooled by <see cref="SearchTree"/>. Written by one worker until it is published, then never again.</remarks>
internal sealed class StepRecord
{
    /// <summary>Nothing was drawn yet.</summary>
    public const int NoLabel = -1;

    private Touch[] _touches = new Touch[4];

    public int Task { get; set; }

    /// <summary>What was drawn in the step; 0 in a step that draws nothing.</summary>
    public int Label { get; set; } = NoLabel;

    /// <summary>How many labels the step can have.</summary>
    public int Labels { get; set; } = 1;

    /// <summary>Whether <see cref="Touched"/> is what the step touches; it is not before the step was made once.</summary>
    public bool IsKnown { get; set; }

    /// <summary>How many steps come before it: the depth of the state in which it was made.</summary>
    public int Depth { get; set; }

    /// <summary>When its search was begun, by <see cref="SearchTree.Now"/>.</summary>
    public long Begun { get; set; }

    /// <summary>When its search was over; <see cref="long.MaxValue"/> while it is not.</summary>
    public long Ended { get; set; } = long.MaxValue;

    /// <summary>Whether its label is the store that it uses: weak memory.</summary>
    public bool IsLabelledByStore => Labels == int.MaxValue;

    /// <summary>Whether it would touch the same places the same way whatever it read: only its access did.</summary>
    public bool IsSteady { get; set; }

    public int Count { get; private set; }

    public ReadOnlySpan<Touch> Touched => _touches.AsSpan(0, Count);

    // A bit for each place, by its number modulo 64: most pairs of steps are told apart by it.
    private ulong _read;
    private ulong _written;

    public void Reset(int task, int label)
    {
        Task = task;
        Label = label;
        Labels = 1;
        Ended = long.MaxValue;
        Forget();
    }

    /// <summary>Whether a step of the task with that label is this one; without a label it is all of them.</summary>
    public bool IsLabelled(int label) => Label == NoLabel || Label == label;

    /// <summary>Makes it read another store.</summary>
    public void ReadInstead(int key)
    {
        Label = key;
        foreach (ref Touch touch in _touches.AsSpan(0, Count))
        {
            touch.Key = touch.Kind == TouchKind.WeakRead ? key : touch.Key;
        }
    }

    /// <summary>Makes it what it would be right before another step instead of behind it.</summary>
    public void Revise(StepRecord before)
    {
        foreach (ref Touch touch in _touches.AsSpan(0, Count))
        {
            foreach (ref readonly Touch other in before.Touched)
            {
                if (other.Kind == TouchKind.Write && other.Place == touch.Place && (other.Bytes & touch.Bytes) != 0)
                {
                    touch.Revise(other.Before);
                    Note(touch);
                }
            }
        }
    }

    public void Forget()
    {
        IsKnown = false;
        IsSteady = true;
        Count = 0;
        _read = 0;
        _written = 0;
    }

    public void Add(in Touch touch)
    {
        for (int i = 0; i < Count; i++)
        {
            ref Touch known = ref _touches[i];
            if (known.Place == touch.Place && known.Bytes == touch.Bytes && touch.Wait == AccessOp.None
                && (touch.Key | known.Key) == 0 && touch.Kind <= TouchKind.Write && known.Kind <= TouchKind.Write)
            {
                known.Before = known.Kind == TouchKind.Read ? touch.Before : known.Before;
                known.Kind |= touch.Kind;
                Note(touch);
                return;
            }
        }

        if (Count == _touches.Length)
        {
            Array.Resize(ref _touches, Count * 2);
        }

        _touches[Count++] = touch;
        Note(touch);
    }

    public void CopyFrom(StepRecord other)
    {
        Reset(other.Task, other.Label);
        Labels = other.Labels;
        IsKnown = other.IsKnown;
        IsSteady = other.IsSteady;
        if (_touches.Length < other.Count)
        {
            _touches = new Touch[other._touches.Length];
        }

        other.Touched.CopyTo(_touches);
        Count = other.Count;
        _read = other._read;
        _written = other._written;
    }

    /// <summary>Whether the two steps, of different tasks, may come in either order with the same outcome.</summary>
    public bool IsIndependentOf(StepRecord other)
    {
        if (!IsKnown || !other.IsKnown)
        {
            return false;
        }

        if ((_written & (other._read | other._written)) == 0 && (_read & other._written) == 0)
        {
            return true;
        }

        foreach (ref readonly Touch mine in Touched)
        {
            foreach (ref readonly Touch theirs in other.Touched)
            {
                if (mine.ConflictsWith(theirs))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Note(in Touch touch)
    {
        ulong bit = 1ul << (touch.Place & 63);
        if (touch.Kind == TouchKind.Write)
        {
            _written |= bit;
        }
        else
        {
            _read |= bit;
        }
    }
}
