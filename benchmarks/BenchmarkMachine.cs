using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;

namespace Stress.Benchmarks;

/// <summary>Native machines for benchmarks: a task for each thread, each on a CPU of its own.</summary>
internal static class BenchmarkMachine
{
    public static NativeMachine New(int tasks, int rootBytes = 4096)
        => new(new NativeMachineOptions
        {
            Tasks = [.. Enumerable.Range(0, tasks).Select(static i => new TaskSpec($"task {i}", i))],
            RootBytes = rootBytes,
            ArenaBytes = 16 << 20,
        });

    /// <summary>As many threads as the machine has tasks, each kept to a CPU of the host.</summary>
    public static WorkerPool Workers(int threads) => new(threads, HostAffinity.ProcessCpus());
}
