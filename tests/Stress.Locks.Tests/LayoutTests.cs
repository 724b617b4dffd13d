using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Stress.Machine;
using Xunit;

namespace Stress.Locks.Tests;

/// <summary>Every field of every struct is where its documentation says, and as wide.</summary>
public sealed class LayoutTests
{
    private static readonly LockClass s_class = new("test");

    [Fact]
    public void QueuedSpinLock_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(
            new QueuedSpinLock(0, s_class), 4, ("Value", 0, 4), ("LockedByte", 0, 1), ("PendingByte", 1, 1),
            ("LockedPending", 0, 2), ("Tail", 2, 2));

    [Fact]
    public void McsNode_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(new McsNode(0), 16, ("Next", 0, 8), ("Locked", 8, 4), ("Count", 12, 4));

    [Fact]
    public void OsqNode_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(
            new OsqNode(0), 32, ("Next", 0, 8), ("Prev", 8, 8), ("Locked", 16, 4), ("Cpu", 20, 4), ("Events", 24, 4));

    [Fact]
    public void PerCpuArea_Nodes_FillOneLineAndHalfOfTheNext()
    {
        AssertLayout(new PerCpuArea(0), ICpuContext.PerCpuBytes, ("Mcs", 0, 16), ("Osq", 64, 32));
        Assert.Equal(48, new PerCpuArea(0).McsAt(3).Address);
        Assert.Equal(128, new PerCpuArea(0).Free);
    }

    [Fact]
    public void OptimisticSpinQueue_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(new OptimisticSpinQueue(0), 4, ("Tail", 0, 4));

    [Fact]
    public void RwSemaphore_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(
            new RwSemaphore(0, s_class), 40, ("Count", 0, 8), ("Owner", 8, 8), ("Osq", 16, 4), ("WaitLock", 20, 4),
            ("WaitList", 24, 16));

    [Fact]
    public void RwSemaphoreCore_Fields_AreThoseOfTheLock()
        => AssertLayout(
            new RwSemaphoreCore<UpstreamRwSemaphore>(0, s_class), 40, ("Count", 0, 8), ("Owner", 8, 8), ("Osq", 16, 4),
            ("WaitLock", 20, 4), ("WaitList", 24, 16));

    [Fact]
    public void RwSemaphoreWaiter_Fields_StayAtTheirDocumentedOffsetsAndLeaveRoomForTheWakeLink()
    {
        AssertLayout(
            new RwSemaphoreWaiter(0), 48, ("Links", 0, 16), ("Task", 16, 8), ("Type", 24, 4), ("Timeout", 32, 8),
            ("HandoffSet", 40, 4));
        Assert.True(RwSemaphoreWaiter.Bytes <= 56);
    }

    [Fact]
    public void Mutex_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(
            new Mutex(0, s_class), 32, ("Owner", 0, 8), ("WaitLock", 8, 4), ("Osq", 12, 4), ("WaitList", 16, 16));

    [Fact]
    public void MutexWaiter_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(new MutexWaiter(0), 24, ("Links", 0, 16), ("Task", 16, 8));

    [Fact]
    public void WaitList_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(new WaitList(0), 16, ("Next", 0, 8), ("Prev", 8, 8));

    [Fact]
    public void RcuHead_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(new RcuHead(0), 16, ("Next", 0, 8), ("Function", 8, 8));

    [Fact]
    public void Rcu_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(new Rcu(0), 64, ("Callbacks", 0, 8));

    [Fact]
    public void PerCpuCounter_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(
            new PerCpuCounter(0), 40, ("Lock", 0, 4), ("Batch", 4, 4), ("Count", 8, 8), ("Counters", 32, 8));

    [Fact]
    public void NodeStat_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(new NodeStat(0), 24, ("Node", 0, 8), ("Global", 8, 8), ("Parts", 16, 8));

    [Fact]
    public void NodeStatPart_Fields_StayAtTheirDocumentedOffsets()
        => AssertLayout(new NodeStatPart(0), 2, ("Threshold", 0, 1), ("Diff", 1, 1));

    // A handle at address 0: the address of each part is its offset.
    private static void AssertLayout<T>(T handle, int bytes, params (string Name, int Offset, int Bytes)[] documented)
        where T : IHandle
    {
        IEnumerable<(string, int, int)> actual = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.PropertyType.IsAssignableTo(typeof(IHandle)))
            .Select(property => (property.Name, Offset(property.GetValue(handle)!), Size(property.PropertyType)));

        Assert.Equal(bytes, T.Bytes);
        Assert.Equal(documented.Order(), actual.Order());
        Assert.All(documented, field => Assert.True(field.Offset + field.Bytes <= T.Bytes, field.Name));
        Assert.All(documented, field => Assert.Equal(0, field.Offset % Math.Min(field.Bytes, 8)));
    }

    private static int Offset(object part) => (int)((IHandle)part).Address;

    private static int Size(Type handle)
        => (int)handle.GetProperty("Bytes", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
