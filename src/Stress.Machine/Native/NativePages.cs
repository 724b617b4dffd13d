using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stress.Machine.Native;

/// <summary>Contents of pages, on real memory.</summary>
internal static class NativePages
{
    /// <summary>Zeroes a page; nothing where the model keeps no contents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Clear(nint page)
    {
        if (page != 0)
        {
            NativeMemory.Clear((void*)page, ICpuContext.PageBytes);
        }
    }
}
