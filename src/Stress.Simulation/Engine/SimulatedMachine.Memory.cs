using System;
using Stress.Machine;

namespace Stress.Simulation;

// Which line an address lies on, whose memory it is, and with which others it is counted.
internal sealed unsafe partial class SimulatedMachine
{
    private const int LineShift = 6;
    private const int WordShift = 3;

    // Lines for fields that are moved: as many objects as slabs of the interesting kinds have.
    private const int MovedLines = 4096;

    // By word: the line that it was moved to, or 0; null when nothing was moved.
    private int[]? _moved;

    // Memory belongs to the socket of whoever takes it first. Objects that begin a line each are counted together.
    private void TakePages(SlabCache cache, nint at, int bytes)
    {
        byte socket = (byte)_model.SocketOf(_current.Core);
        int first = (int)((at - _base) >> LineShift);
        int count = bytes >> LineShift;
        int perObject = cache.Stride % CacheLine.Bytes == 0 ? cache.Stride / CacheLine.Bytes : 0;
        for (int i = 0; i < count; i++)
        {
            _directory[first + i].HomeSocket = socket;
            if (perObject > 0)
            {
                _countedLines.Join(first + i, cache.Name, i % perObject);
            }
        }
    }

    internal void Label(nint at, int bytes, Type type, string name)
    {
        _arena.Label(at, bytes, type, name);
        if (((at - _base) & (CacheLine.Bytes - 1)) != 0)
        {
            return;
        }

        int first = (int)((at - _base) >> LineShift);
        for (int i = 0; i < bytes >> LineShift; i++)
        {
            _countedLines.Join(first + i, name, i);
        }
    }

    private int LineOf(nint at)
        => _moved is not null && _moved[WordOf(at)] is > 0 and int line ? line : (int)((at - _base) >> LineShift);

    private int WordOf(nint at) => (int)((at - _base) >> WordShift);

    // The field, in each object that there is, is given a pair of lines behind the end of the memory.
    private void MoveFields(MovedField field)
    {
        int[] moved = new int[_arena.Bytes >> WordShift];
        int line = _arena.Bytes >> LineShift;
        foreach (nint start in _arena.ObjectsOf(field.Object))
        {
            int end = line < _directory.Lines ? field.Offset + field.Bytes : 0;
            for (int offset = field.Offset & -8; offset < end; offset += 8)
            {
                moved[WordOf(start + offset)] = line;
            }

            line += 2;
        }

        _moved = moved;
    }
}
