using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace Stress.Machine.Native;

/// <summary>Keeps threads to CPUs of the host. Linux only: elsewhere it says that it cannot.</summary>
public static partial class HostAffinity
{
    private const int MaxCpus = 1024;
    private const int BitsPerWord = 64;
    private const int WordCount = MaxCpus / BitsPerWord;
    private const int CallingThread = 0;

    /// <summary>Numbers of the host's CPUs that this process was given, in order: those of its first thread.</summary>
    /// <remarks>Where the host cannot be asked, as many numbers from 0 as there are processors.</remarks>
    public static IReadOnlyList<int> ProcessCpus()
    {
        ulong[] mask = new ulong[WordCount];
        return OperatingSystem.IsLinux() && GetAffinity(Environment.ProcessId, WordCount * sizeof(ulong), mask) >= 0
            ? CpusIn(mask)
            : [.. Enumerable.Range(0, Environment.ProcessorCount)];
    }

    /// <summary>Keeps the calling thread to one of the CPUs that it may use.</summary>
    /// <param name="index">Any number from 0: taken modulo the CPUs that there are.</param>
    /// <returns>Why it could not be done; null when it was.</returns>
    public static string? Pin(int index)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "threads were not pinned: only Linux is supported";
        }

        ulong[] mask = new ulong[WordCount];
        if (GetAffinity(CallingThread, WordCount * sizeof(ulong), mask) < 0)
        {
            return $"threads were not pinned: sched_getaffinity failed with error {Marshal.GetLastPInvokeError()}";
        }

        List<int> allowed = CpusIn(mask);
        return PinTo(allowed[index % allowed.Count]);
    }

    /// <summary>Keeps the calling thread to one CPU of the host.</summary>
    /// <param name="cpu">Its number; one of <see cref="ProcessCpus"/>.</param>
    /// <returns>Why it could not be done; null when it was.</returns>
    public static string? PinTo(int cpu)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "threads were not pinned: only Linux is supported";
        }

        ulong[] mask = new ulong[WordCount];
        mask[cpu / BitsPerWord] = 1UL << (cpu % BitsPerWord);
        return SetAffinity(CallingThread, WordCount * sizeof(ulong), mask) == 0
            ? null
            : $"threads were not pinned: sched_setaffinity failed with error {Marshal.GetLastPInvokeError()}";
    }

    private static List<int> CpusIn(ulong[] mask)
    {
        var cpus = new List<int>();
        for (int cpu = 0; cpu < MaxCpus; cpu++)
        {
            if ((mask[cpu / BitsPerWord] >> (cpu % BitsPerWord) & 1) != 0)
            {
                cpus.Add(cpu);
            }
        }

        return cpus;
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAffinity(int thread, nint bytes, [Out] ulong[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nint bytes, [In] ulong[] mask);
}
