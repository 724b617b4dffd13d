using System.Diagnostics;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>What an access does, given what its cell held.</summary>
/// <param name="Result">What it yields.</param>
/// <param name="Writes">Whether it writes.</param>
/// <param name="Value">What it writes, in the low bytes.</param>
internal readonly record struct AccessEffect(ulong Result, bool Writes, ulong Value)
{
    private const ulong Running = TaskStruct.Running;
    private const ulong Sleeping = TaskStruct.Uninterruptible;

    public static AccessEffect Of(AccessOp op, ulong a, ulong b, ulong before)
    {
        switch (op)
        {
            case AccessOp.Read or AccessOp.ReadOnce or AccessOp.LoadAcquire or AccessOp.Dereference:
                return new AccessEffect(before, false, 0);

            case AccessOp.Write or AccessOp.WriteOnce or AccessOp.StoreRelease:
            case AccessOp.Exchange or AccessOp.ExchangeRelaxed:
                return new AccessEffect(before, true, a);

            case AccessOp.FetchAdd or AccessOp.FetchAddRelaxed or AccessOp.FetchAddAcquire or AccessOp.FetchAddRelease:
                return new AccessEffect(before, true, unchecked(before + a));

            case AccessOp.FetchOr or AccessOp.FetchOrAcquire or AccessOp.FetchOrRelaxed:
                return new AccessEffect(before, true, before | a);

            case AccessOp.FetchAndRelaxed:
                return new AccessEffect(before, true, before & a);

            case AccessOp.CompareExchange or AccessOp.CompareExchangeRelaxed
                or AccessOp.CompareExchangeAcquire or AccessOp.CompareExchangeRelease:
                return new AccessEffect(before, before == a, b);

            case AccessOp.WaitWhile or AccessOp.WaitForClear or AccessOp.Park:
                return default;

            case AccessOp.AddWhenClear:
                return new AccessEffect(before, true, unchecked(before + b));

            case AccessOp.WaitForWork:
                return new AccessEffect(before == a ? 0UL : 1UL, false, 0);

            case AccessOp.PrepareToPark:
                return new AccessEffect(0, true, Sleeping);

            case AccessOp.CancelPark:
                return new AccessEffect(0, true, Running);

            case AccessOp.Unpark:
                return new AccessEffect(before == Running ? 0UL : 1UL, true, Running);

            default:
                throw new UnreachableException($"{op} touches no cell");
        }
    }
}
