using System.Threading;

namespace Stress.Machine.Native;

/// <summary>The operations that one task is in, innermost last. Written by the task, read by the watchdog.</summary>
internal sealed class OperationStack
{
    // Deeper nesting is counted but not named.
    private const int Capacity = 16;

    private readonly Entry[] _entries = new Entry[Capacity];
    private int _depth;

    private struct Entry
    {
        public string Name;
        public int Arguments;
        public long A;
        public long B;
    }

    /// <summary>Whether no operation is open.</summary>
    public bool IsEmpty => Volatile.Read(ref _depth) == 0;

    public void Enter(string name, int arguments, long a, long b)
    {
        if (_depth < Capacity)
        {
            ref Entry entry = ref _entries[_depth];
            entry.Name = name;
            entry.Arguments = arguments;
            entry.A = a;
            entry.B = b;
        }

        Volatile.Write(ref _depth, _depth + 1);
    }

    public void Leave() => Volatile.Write(ref _depth, _depth - 1);

    public void Clear() => Volatile.Write(ref _depth, 0);

    /// <summary>The operations from the outermost to the innermost, with their arguments.</summary>
    public override string ToString()
    {
        int depth = int.Clamp(Volatile.Read(ref _depth), 0, Capacity);
        string text = "";
        for (int i = 0; i < depth; i++)
        {
            Entry entry = _entries[i];
            string arguments = entry.Arguments switch
            {
                0 => "",
                1 => $"{entry.A}",
                _ => $"{entry.A}, {entry.B}",
            };
            text += $"{(i == 0 ? "" : " > ")}{entry.Name}({arguments})";
        }

        return text;
    }
}
