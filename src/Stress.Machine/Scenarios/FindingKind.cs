namespace Stress.Machine;

/// <summary>What can be wrong with a run.</summary>
public enum FindingKind
{
    /// <summary>A <c>BUG_ON</c> of the model held.</summary>
    Bug,

    /// <summary>A <c>WARN_ON</c> of the model held.</summary>
    Warning,

    /// <summary>An invariant of the scenario did not hold.</summary>
    Invariant,

    /// <summary>Memory was touched after its object was freed, or where no object ever was.</summary>
    UseAfterFree,

    /// <summary>An object was freed twice, or something was freed that is no object.</summary>
    DoubleFree,

    /// <summary>An object was still there when everything had been given back.</summary>
    Leak,

    /// <summary>Tasks wait for each other, or for a lock whose holder has ended.</summary>
    Deadlock,

    /// <summary>A task sleeps although what it waited for has come.</summary>
    MissedWakeup,

    /// <summary>A grace period never ends: a read section does not.</summary>
    RcuStall,

    /// <summary>Two accesses to one cell, at least one of them a write and at least one of them plain, that nothing
    /// orders.</summary>
    DataRace,

    /// <summary>Lock classes are taken in orders that can deadlock, though this run did not.</summary>
    LockOrder,

    /// <summary>The run came to an outcome that the scenario grades as forbidden.</summary>
    ForbiddenOutcome,

    /// <summary>The run did not end within its scheduling points.</summary>
    StepBound,

    /// <summary>Native and simulated: no task made progress for the time of the watchdog.</summary>
    Hang,

    /// <summary>The model itself threw an exception.</summary>
    ModelError,
}

/// <summary>Names of findings as reports show them.</summary>
public static class FindingKinds
{
    /// <summary>The kind's name in reports and files, such as <c>use-after-free</c>.</summary>
    public static string Name(this FindingKind kind) => kind switch
    {
        FindingKind.Bug => "bug",
        FindingKind.Warning => "warning",
        FindingKind.Invariant => "invariant",
        FindingKind.UseAfterFree => "use-after-free",
        FindingKind.DoubleFree => "double-free",
        FindingKind.Leak => "leak",
        FindingKind.Deadlock => "deadlock",
        FindingKind.MissedWakeup => "missed-wakeup",
        FindingKind.RcuStall => "rcu-stall",
        FindingKind.DataRace => "data-race",
        FindingKind.LockOrder => "lock-order",
        FindingKind.ForbiddenOutcome => "forbidden-outcome",
        FindingKind.StepBound => "step-bound",
        FindingKind.Hang => "hang",
        _ => "model-error",
    };
}
