namespace Stress.Machine;

/// <summary>A CPU whose accesses are awaited: what the generated twins of model methods run on.</summary>
/// <remarks>The members and meanings of <see cref="ICpu"/>; the name of each method ends in <c>Async</c>.</remarks>
public interface ICoroutineCpu : ICpuContext
{
    /// <inheritdoc cref="ICpu.Read{T}(Plain{T})"/>
    Step<T> ReadAsync<T>(Plain<T> cell) where T : unmanaged;

    /// <inheritdoc cref="ICpu.Write{T}(Plain{T}, T)"/>
    Step WriteAsync<T>(Plain<T> cell, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.Read{T}(Atomic{T})"/>
    Step<T> ReadAsync<T>(Atomic<T> cell) where T : unmanaged;

    /// <inheritdoc cref="ICpu.Write{T}(Atomic{T}, T)"/>
    Step WriteAsync<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.ReadOnce{T}(Atomic{T})"/>
    Step<T> ReadOnceAsync<T>(Atomic<T> cell) where T : unmanaged;

    /// <inheritdoc cref="ICpu.WriteOnce{T}(Atomic{T}, T)"/>
    Step WriteOnceAsync<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.LoadAcquire{T}(Atomic{T})"/>
    Step<T> LoadAcquireAsync<T>(Atomic<T> cell) where T : unmanaged;

    /// <inheritdoc cref="ICpu.StoreRelease{T}(Atomic{T}, T)"/>
    Step StoreReleaseAsync<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.Dereference{T}(Atomic{T})"/>
    Step<T> DereferenceAsync<T>(Atomic<T> cell) where T : unmanaged;

    /// <inheritdoc cref="ICpu.FetchAdd{T}(Atomic{T}, T)"/>
    Step<T> FetchAddAsync<T>(Atomic<T> cell, T addend) where T : unmanaged;

    /// <inheritdoc cref="ICpu.FetchAddRelaxed{T}(Atomic{T}, T)"/>
    Step<T> FetchAddRelaxedAsync<T>(Atomic<T> cell, T addend) where T : unmanaged;

    /// <inheritdoc cref="ICpu.FetchAddAcquire{T}(Atomic{T}, T)"/>
    Step<T> FetchAddAcquireAsync<T>(Atomic<T> cell, T addend) where T : unmanaged;

    /// <inheritdoc cref="ICpu.FetchAddRelease{T}(Atomic{T}, T)"/>
    Step<T> FetchAddReleaseAsync<T>(Atomic<T> cell, T addend) where T : unmanaged;

    /// <inheritdoc cref="ICpu.FetchOr{T}(Atomic{T}, T)"/>
    Step<T> FetchOrAsync<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <inheritdoc cref="ICpu.FetchOrAcquire{T}(Atomic{T}, T)"/>
    Step<T> FetchOrAcquireAsync<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <inheritdoc cref="ICpu.FetchOrRelaxed{T}(Atomic{T}, T)"/>
    Step<T> FetchOrRelaxedAsync<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <inheritdoc cref="ICpu.FetchAndRelaxed{T}(Atomic{T}, T)"/>
    Step<T> FetchAndRelaxedAsync<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <inheritdoc cref="ICpu.Exchange{T}(Atomic{T}, T)"/>
    Step<T> ExchangeAsync<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.ExchangeRelaxed{T}(Atomic{T}, T)"/>
    Step<T> ExchangeRelaxedAsync<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.CompareExchange{T}(Atomic{T}, T, T)"/>
    Step<T> CompareExchangeAsync<T>(Atomic<T> cell, T expected, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.CompareExchangeRelaxed{T}(Atomic{T}, T, T)"/>
    Step<T> CompareExchangeRelaxedAsync<T>(Atomic<T> cell, T expected, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.CompareExchangeAcquire{T}(Atomic{T}, T, T)"/>
    Step<T> CompareExchangeAcquireAsync<T>(Atomic<T> cell, T expected, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.CompareExchangeRelease{T}(Atomic{T}, T, T)"/>
    Step<T> CompareExchangeReleaseAsync<T>(Atomic<T> cell, T expected, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.FullFence()"/>
    Step FullFenceAsync();

    /// <inheritdoc cref="ICpu.ReadFence()"/>
    Step ReadFenceAsync();

    /// <inheritdoc cref="ICpu.WriteFence()"/>
    Step WriteFenceAsync();

    /// <inheritdoc cref="ICpu.FenceEveryCpu()"/>
    Step FenceEveryCpuAsync();

    /// <inheritdoc cref="ICpu.WaitWhile{T}(Atomic{T}, T)"/>
    Step WaitWhileAsync<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.WaitForClear{T}(Atomic{T}, T)"/>
    Step WaitForClearAsync<T>(Atomic<T> cell, T bits) where T : unmanaged;

    /// <inheritdoc cref="ICpu.AddWhenClear{T}(Atomic{T}, T, T)"/>
    Step<T> AddWhenClearAsync<T>(Atomic<T> cell, T bits, T addend) where T : unmanaged;

    /// <inheritdoc cref="ICpu.WaitForWork{T}(Atomic{T}, T)"/>
    Step<bool> WaitForWorkAsync<T>(Atomic<T> cell, T value) where T : unmanaged;

    /// <inheritdoc cref="ICpu.PrepareToPark()"/>
    Step PrepareToParkAsync();

    /// <inheritdoc cref="ICpu.Park()"/>
    Step ParkAsync();

    /// <inheritdoc cref="ICpu.CancelPark()"/>
    Step CancelParkAsync();

    /// <inheritdoc cref="ICpu.Unpark(TaskStruct)"/>
    Step<bool> UnparkAsync(TaskStruct task);

    /// <inheritdoc cref="ICpu.PreemptDisable()"/>
    Step PreemptDisableAsync();

    /// <inheritdoc cref="ICpu.PreemptEnable()"/>
    Step PreemptEnableAsync();

    /// <inheritdoc cref="ICpu.IrqDisable()"/>
    Step IrqDisableAsync();

    /// <inheritdoc cref="ICpu.IrqEnable()"/>
    Step IrqEnableAsync();

    /// <inheritdoc cref="ICpu.NeedsResched()"/>
    Step<bool> NeedsReschedAsync();

    /// <inheritdoc cref="ICpu.Deadline(ulong)"/>
    Step<ulong> DeadlineAsync(ulong nanoseconds);

    /// <inheritdoc cref="ICpu.HasPassed(ulong)"/>
    Step<bool> HasPassedAsync(ulong deadline);

    /// <inheritdoc cref="ICpu.Choose(uint)"/>
    Step<uint> ChooseAsync(uint count);

    /// <inheritdoc cref="ICpu.Alloc(SlabCache)"/>
    Step<nint> AllocAsync(SlabCache cache);

    /// <inheritdoc cref="ICpu.Free(SlabCache, nint)"/>
    Step FreeAsync(SlabCache cache, nint at);

    /// <inheritdoc cref="ICpu.BugOn(bool, string)"/>
    Step BugOnAsync(bool condition, string text);

    /// <inheritdoc cref="ICpu.WarnOn(bool, string)"/>
    Step WarnOnAsync(bool condition, string text);

    /// <inheritdoc cref="ICpu.Require(bool, string)"/>
    Step RequireAsync(bool condition, string text);
}
