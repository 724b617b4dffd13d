using Stress.Exploration;
using Xunit;

namespace Stress.Locks.Tests;

/// <summary>The words of the locks hold, bit for bit, what their documentation says.</summary>
public sealed class WordTests
{
    [Fact]
    public void QueuedSpinLock_OnePendingTwoQueued_ShowInTheWordAndAreServedInOrder()
        => Sequence.AssertHolds<SpinLockWords>(LockAlgorithm.Real);

    [Theory]
    [InlineData(LockAlgorithm.Real)]
    [InlineData(LockAlgorithm.Atomic)]
    public void RwSemaphore_TakenInEveryWay_HoldsTheDocumentedBits(LockAlgorithm locks)
        => Sequence.AssertHolds<RwSemaphoreWords>(locks, schedules: 1);

    [Fact]
    public void RwSemaphore_ReaderBehindAWriter_SetsWaitersAndIsGrantedTheLock()
        => Sequence.AssertHolds<RwSemaphoreQueueWords>(LockAlgorithm.Real);
}
