using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Stress.Machine.Native;

/// <summary>Keeps threads to CPUs of the host. Linux only: elsewhere it says that it cannot.</summary>
internal static partial class HostAffinity
{
    private const int MaxCpus = 1024;
    private const int BitsPerWord = 64;
    private const int WordCount = MaxCpus / BitsPerWord;

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
        if (GetAffinity(0, WordCount * sizeof(ulong), mask) < 0)
        {
            return $"threads were not pinned: sched_getaffinity failed with error {Marshal.GetLastPInvokeError()}";
        }

        List<int> allowed = CpusIn(mask);
        int cpu = allowed[index % allowed.Count];
        Array.Clear(mask);
        mask[cpu / BitsPerWord] = 1UL << (cpu % BitsPerWord);
        return SetAffinity(0, WordCount * sizeof(ulong), mask) == 0
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

    // Thread 0 is the calling one.
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAffinity(int thread, nint bytes, [Out] ulong[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nint bytes, [In] ulong[] mask);
}
