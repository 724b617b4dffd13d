using System;
using Stress.Machine;
using Stress.Machine.Native;

namespace Stress.Mm.Tests.Properties;

/// <summary>A model in the memory of a native machine of its own, and what it is compared with.</summary>
/// <typeparam name="TKind">What there is to call.</typeparam>
/// <remarks>One thread plays all CPUs in turn, so that each call ends before the next one begins.</remarks>
public abstract class Subject<TKind> : IDisposable
    where TKind : struct, Enum
{
    private readonly NativeMachine _machine;

    protected Subject(int rootBytes, int cpus = 1, double failAlloc = 0)
    {
        string[] names = new string[cpus];
        for (int i = 0; i < cpus; i++)
        {
            names[i] = $"cpu{i}";
        }

        _machine = new NativeMachine(new NativeMachineOptions
        {
            Tasks = ScenarioPlan.OwnCpus(names),
            RootBytes = rootBytes,
            ArenaBytes = 4 << 20,
            QuarantineObjects = 8,
            Seed = 5,
            FailAlloc = failAlloc,
        });
    }

    protected NativeCpu Cpu => _machine.CpuOf(0);

    protected nint Root => _machine.Root;

    public void Dispose()
    {
        _machine.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the call, in which allocations may fail, and compares.</summary>
    public void Step(Call<TKind> call)
    {
        _machine.Tasks[0].IsDisturbed = true;
        Make(call);
        _machine.Tasks[0].IsDisturbed = false;
        Compare();
    }

    /// <summary>Makes the call, and asserts that it gives what the reference gives.</summary>
    protected abstract void Make(Call<TKind> call);

    /// <summary>Asserts that the model is what the reference is.</summary>
    protected abstract void Compare();

    protected NativeCpu CpuOf(int number) => _machine.CpuOf(number);
}
