using Stress.Machine;

namespace Stress.Locks;

/// <summary>Counter that each CPU adds to by itself, up to a batch: <c>struct percpu_counter</c>.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field     written by        read by
///      0      4  Lock      whoever folds     whoever folds or sums
///      4      4  Batch     Initialize        everybody
///      8      8  Count     holder of Lock    anybody
///     16     16  -         (hotplug list)
///     32      8  Counters  Initialize        everybody
/// </code>
/// Counters is the address of one signed 4-byte part for each CPU, 64 bytes apart; in absolute terms each stays below
/// Batch. Invariant: Count and the parts add up to all that was added.
/// Deviations: the batch is the counter's own (the kernel has one for all, in place of padding here), and CPUs neither
/// come nor go. Source: lib/percpu_counter.c, v6.12.
/// </remarks>
public readonly partial struct PerCpuCounter(nint at) : IHandle
{
    /// <summary>Distance between the parts of two CPUs, in bytes.</summary>
    public const int PartStride = 64;

    private static readonly LockClass s_lock = new("&fbc->lock");

    /// <inheritdoc/>
    public static int Bytes => 40;

    /// <inheritdoc/>
    public nint Address => at;

    /// <summary>Protects <see cref="Count"/>.</summary>
    public QueuedSpinLock Lock => new(at, s_lock);

    /// <summary>What a part must stay below.</summary>
    public PlainS32 Batch => new(at + 4);

    /// <summary>What has been folded.</summary>
    public AtomicS64 Count => new(at + 8);

    /// <summary>Address of the parts.</summary>
    public PlainPtr Counters => new(at + 32);

    /// <summary>Makes the counter, at 0: <c>percpu_counter_init</c>.</summary>
    /// <param name="counters">Address of the parts: 4 bytes for each CPU, <see cref="PartStride"/> bytes apart.</param>
    /// <param name="batch">At least 1; the kernel's is 32 or twice the number of CPUs.</param>
    public void Initialize<TCpu>(TCpu cpu, nint counters, int batch) where TCpu : struct, ICpu
    {
        Lock.Initialize(cpu);
        cpu.Write(Batch, batch);
        cpu.Write(Count, 0L);
        cpu.Write(Counters, counters);
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            cpu.Write(PartAt(counters, i), 0);
        }
    }

    /// <summary>Adds: <c>percpu_counter_add_batch</c>.</summary>
    /// <param name="amount">Fits 32 bits.</param>
    public void Add<TCpu>(TCpu cpu, long amount) where TCpu : struct, ICpu
    {
        AtomicS32 part = PartAt(cpu.Read(Counters), cpu.Id);
        int batch = cpu.Read(Batch);

        // Relaxed: a part is shared only with tasks and interrupts of this CPU; sums may miss what is under way.
        int seen = cpu.ReadOnce(part);
        int local;
        do
        {
            local = seen;
            long sum = local + amount;
            if (sum >= batch || sum <= -batch)
            {
                Fold(cpu, part, amount);
                return;
            }

            seen = cpu.CompareExchangeRelaxed(part, local, (int)sum);
        }
        while (seen != local);
    }

    /// <summary>What the counter is, exact if nobody adds meanwhile: <c>percpu_counter_sum</c>.</summary>
    /// <remarks>Cost: O(CPUs), and a line of each.</remarks>
    public long Sum<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);
        long sum = cpu.Read(Count);
        nint counters = cpu.Read(Counters);
        for (int i = 0; i < cpu.CpuCount; i++)
        {
            // Relaxed: what a CPU adds meanwhile may be in or not.
            sum += cpu.ReadOnce(PartAt(counters, i));
        }

        Lock.ReleaseIrq(cpu);
        return sum;
    }

    /// <summary>What has been folded: off by less than a batch for each CPU (<c>percpu_counter_read</c>).</summary>
    public long Approximation<TCpu>(TCpu cpu) where TCpu : struct, ICpu
        => cpu.ReadOnce(Count);

    private static AtomicS32 PartAt(nint counters, int cpu) => new(counters + (cpu * PartStride));

    private void Fold<TCpu>(TCpu cpu, AtomicS32 part, long amount) where TCpu : struct, ICpu
    {
        Lock.AcquireIrq(cpu);

        // Again: with interrupts off, nobody else on this CPU changes it any more.
        int local = cpu.Read(part);
        cpu.WriteOnce(Count, cpu.Read(Count) + local + amount);
        cpu.Write(part, 0);
        Lock.ReleaseIrq(cpu);
    }
}
