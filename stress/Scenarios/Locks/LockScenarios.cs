using System.Collections.Generic;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>The scenarios of the lock library.</summary>
public static class LockScenarios
{
    /// <summary>The scenarios, in the order of their names.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        ExclusionCatalog.Scenario,
        LockOwnerCatalog.Scenario,
        McsNestingCatalog.Scenario,
        MutexHandoffCatalog.Scenario,
        LockOrderCatalog.Scenario,
        LockOrderApartCatalog.Scenario,
        LockOrderIrqCatalog.Scenario,
        LockOrderNestedCatalog.Scenario,
        SpinQueueCatalog.Scenario,
        SpinQueueLeaveCatalog.Scenario,
        CounterSumCatalog.Scenario,
        QueuedWriteLockCatalog.Scenario,
        QueuedSpinLockThreeCatalog.Scenario,
        SpinUnlockCatalog.Scenario,
        RcuLifetimeCatalog.Scenario,
        RcuStallCatalog.Scenario,
        RecursiveReadCatalog.Scenario,
        RwSemaphoreBatchCatalog.Scenario,
        RwSemaphoreGrantCatalog.Scenario,
        RwSemaphorePriorityCatalog.Scenario,
        RwSemaphoreSharingCatalog.Scenario,
        RwSemaphoreThreeCatalog.Scenario,
        RwSemaphoreWakeupCatalog.Scenario,
        StatModCatalog.Scenario,
        StatOnlineCatalog.Scenario,
    ];
}
