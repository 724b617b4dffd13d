using Stress.Machine;

namespace Stress.Simulation;

// What an access does to the memory.
internal sealed unsafe partial class SimulatedMachine
{
    private ulong Apply(SimulatedTask task, SimulatedOp op, nint at, int size, ulong a, ulong b)
    {
        ulong before = Read(at, size);
        switch (op)
        {
            case SimulatedOp.Load or SimulatedOp.WaitWhile or SimulatedOp.WaitForClear:
                return before;

            case SimulatedOp.WaitForWork:
                return before == a ? 0ul : 1ul;

            case SimulatedOp.Store or SimulatedOp.Exchange:
                return Write(task, at, size, a, before);

            case SimulatedOp.FetchAdd:
                return Write(task, at, size, unchecked(before + a), before);

            case SimulatedOp.FetchOr:
                return Write(task, at, size, before | a, before);

            case SimulatedOp.FetchAnd:
                return Write(task, at, size, before & a, before);

            case SimulatedOp.AddWhenClear:
                return Write(task, at, size, unchecked(before + b), before);

            case SimulatedOp.CompareExchange:
                if (before == a)
                {
                    return Write(task, at, size, b, before);
                }

                _directory[LineOf(at)].MayRetry = true;
                return before;

            case SimulatedOp.PrepareToPark:
                return Write(task, at, size, TaskStruct.Uninterruptible, before);

            case SimulatedOp.CancelPark:
                return Write(task, at, size, TaskStruct.Running, before);

            default:
                Write(task, at, size, TaskStruct.Running, before);
                return WakeUp(task, at, before);
        }
    }

    private ulong Write(SimulatedTask task, nint at, int size, ulong value, ulong before)
    {
        switch (size)
        {
            case 1: *(byte*)at = (byte)value; break;
            case 2: *(ushort*)at = (ushort)value; break;
            case 4: *(uint*)at = (uint)value; break;
            default: *(ulong*)at = value; break;
        }

        if (!_isAlone)
        {
            ref CacheLine line = ref _directory[LineOf(at)];
            if (line.Spinners != 0)
            {
                Changed(task, ref line);
            }
        }

        return before;
    }

    private static ulong Read(nint at, int size) => size switch
    {
        1 => *(byte*)at,
        2 => *(ushort*)at,
        4 => *(uint*)at,
        _ => *(ulong*)at,
    };
}
