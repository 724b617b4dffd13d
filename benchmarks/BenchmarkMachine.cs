using System.Linq;
using Stress.Machine;
using Stress.Machine.Native;

namespace Stress.Benchmarks;

/// <summary>Native machines for benchmarks: a task for each thread, each on a CPU of its own.</summary>
internal static class BenchmarkMachine
{
    public static NativeMachine New(int tasks)
        => new(new NativeMachineOptions
        {
            Tasks = [.. Enumerable.Range(0, tasks).Select(static i => new TaskSpec($"task {i}", i))],
            ArenaBytes = 16 << 20,
        });
}
