namespace Stress.Exploration.Tests;

public readonly struct LosesUpdates : IFault
{
    public static int Tasks => 2;
}

public readonly struct KeepsUpdates : IFault
{
    public static int Tasks => 2;
}

public readonly struct HitsBug : IFault
{
    public static int Tasks => 2;
}

public readonly struct Warns : IFault
{
    public static int Tasks => 2;
}

public readonly struct BreaksInvariant : IFault
{
    public static int Tasks => 2;
}

public readonly struct UsesAfterFree : IFault
{
    public static int Tasks => 2;
}

public readonly struct FreesTwice : IFault
{
    public static int Tasks => 2;
}

public readonly struct Leaks : IFault
{
    public static int Tasks => 1;
}

public readonly struct LocksInOppositeOrder : IFault
{
    public static int Tasks => 2;
}

public readonly struct EndsWithTheLock : IFault
{
    public static int Tasks => 1;
}

public readonly struct ParksTooLate : IFault
{
    public static int Tasks => 2;
}

public readonly struct ParksInTime : IFault
{
    public static int Tasks => 2;
}

public readonly struct StaysInReadSection : IFault
{
    public static int Tasks => 2;
}

public readonly struct SpinsForEver : IFault
{
    public static int Tasks => 2;
}

public readonly struct Throws : IFault
{
    public static int Tasks => 2;
}

public readonly struct SleepsWhileAtomic : IFault
{
    public static int Tasks => 1;
}

public readonly struct FollowsNull : IFault
{
    public static int Tasks => 1;
}

public readonly struct LeaksOnFailure : IFault
{
    public static int Tasks => 1;

    public static int AllocationFailures => 1;
}

public readonly struct ServesWithWorker : IFault
{
    public static int Tasks => 3;

    public static bool IsWorkerLast => true;
}
