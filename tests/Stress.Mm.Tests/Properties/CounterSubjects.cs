using System;
using Stress.Locks;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Mm.Tests.Properties;

public enum NodeStatCall
{
    Add,
    AddUnsafe,
    Fold,
    Online,
}

public enum PerCpuCounterCall
{
    Add,
    AddMuch,
}

/// <summary>An item of a node's statistics on four CPUs, compared with a plain sum.</summary>
public sealed class NodeStatSubject<TRule> : Subject<NodeStatCall>
    where TRule : struct, INodeOnlineRule
{
    private const int Cpus = 4;
    private const int Threshold = 20;
    private long _sum;

    public NodeStatSubject()
        : base(rootBytes: 64 + (Cpus * NodeStat.PartStride), Cpus)
        => Stat.Initialize(Cpu, Root + 64, Threshold);

    private NodeStat Stat => new(Root);

    protected override void Make(Call<NodeStatCall> call)
    {
        NativeCpu cpu = CpuOf(call.A % Cpus);
        int delta = call.B - (Call<NodeStatCall>.Max / 2);
        switch (call.Kind)
        {
            case NodeStatCall.Add:
                Stat.Mod(cpu, delta);
                _sum += delta;
                break;
            case NodeStatCall.AddUnsafe:
                Stat.ModUnsafe(cpu, delta);
                _sum += delta;
                break;
            case NodeStatCall.Fold:
                Stat.Fold(cpu);
                break;
            default:
                Stat.Online<NativeCpu, TRule>(cpu);
                break;
        }
    }

    protected override void Compare()
    {
        Assert.True(Stat.Snapshot(Cpu) == Math.Max(_sum, 0), "the snapshot is the plain sum");
        long folded = Cpu.Read(Stat.Node);
        Assert.True(Math.Abs(folded - _sum) <= Cpus * Threshold, "the node is off by the thresholds at most");
        Assert.True(Cpu.Read(Stat.Global) == folded, "the machine has what its only node has");
    }
}

/// <summary>A counter on four CPUs, compared with a plain sum.</summary>
public sealed class PerCpuCounterSubject : Subject<PerCpuCounterCall>
{
    private const int Cpus = 4;
    private const int Batch = 32;
    private readonly bool _readsApproximation;
    private long _sum;

    /// <summary>Makes the counter, at 0.</summary>
    /// <param name="readsApproximation">Whether it is read the wrong way, without its parts.</param>
    public PerCpuCounterSubject(bool readsApproximation = false)
        : base(rootBytes: 64 + (Cpus * PerCpuCounter.PartStride), Cpus)
    {
        _readsApproximation = readsApproximation;
        Counter.Initialize(Cpu, Root + 64, Batch);
    }

    private PerCpuCounter Counter => new(Root);

    protected override void Make(Call<PerCpuCounterCall> call)
    {
        // Much is often beyond the batch.
        long factor = call.Kind == PerCpuCounterCall.AddMuch ? 3 : 1;
        long amount = (call.B - (Call<PerCpuCounterCall>.Max / 2)) * factor;
        Counter.Add(CpuOf(call.A % Cpus), amount);
        _sum += amount;
    }

    protected override void Compare()
    {
        long read = _readsApproximation ? Counter.Approximation(Cpu) : Counter.Sum(Cpu);
        Assert.True(read == _sum, "the counter is the plain sum");
        long error = Math.Abs(Counter.Approximation(Cpu) - _sum);
        Assert.True(error <= Cpus * (Batch - 1), "the count is off by the batches at most");
    }
}
